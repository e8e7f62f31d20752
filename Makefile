# Two commands do everything from a fresh clone: make demo, make test. Needs Python 3.11, make and apt (as root).
VENV := .venv
PYTHON := $(VENV)/bin/python
XLPKG := $(VENV)/bin/xlpkg
OUT := out
FORM := $(OUT)/网信事业发展经费.xlsx
DEBIAN := libreoffice-calc libreoffice-writer python3-uno fonts-noto-cjk poppler-utils xvfb xdotool imagemagick
WINDOWS := wine wine64 gcc-mingw-w64-x86-64 locales osslsigncode

.PHONY: demo test check coverage bench fuzz mutants words rules workbooks clean office windows kit pins
.DELETE_ON_ERROR:

$(VENV)/installed: setup.cfg pyproject.toml
	python3 -m venv $(VENV)
	$(PYTHON) -m pip install --quiet --upgrade pip setuptools wheel
	$(PYTHON) -m pip install --quiet --no-build-isolation --config-settings editable_mode=compat -e '.[dev]'
	$(PYTHON) -m compileall -q xlpkg
	touch $@

# Debian's packages, for a demo; for the tests those that stand in for Windows besides
office windows: PACKAGES = $(DEBIAN)
windows: PACKAGES += $(WINDOWS)
office windows:
	@dpkg -s $(PACKAGES) >/dev/null 2>&1 || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	  apt-get install -y -qq --no-install-recommends $(PACKAGES) >/dev/null; }

demo: $(VENV)/installed office
	mkdir -p $(OUT)
	$(XLPKG) new -p hn2015 -o $(OUT)/空白表.xlsx
	$(XLPKG) convert workbook/samples/network_office.json -o $(FORM)
	$(XLPKG) check $(FORM) -o $(OUT)/检查稿.xlsx; test $$? -eq 1
	$(XLPKG) submit $(FORM) -o $(OUT)/申报表.xlsx --pdf
	$(XLPKG) check $(OUT)/申报表.xlsx >/dev/null; test $$? -eq 1
	pdftoppm -r 90 -png $(OUT)/申报表.pdf $(OUT)/申报表
	mkdir -p $(OUT)/收件 && cp $(FORM) $(OUT)/申报表.xlsx $(OUT)/收件
	$(XLPKG) collect $(OUT)/收件 -o $(OUT)/汇总.xlsx --letters $(OUT)/退回意见书; test $$? -eq 1
	@echo; ls -1 $(OUT)

check: $(VENV)/installed
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo 2>/dev/null || $(VENV)/bin/lint-imports
	$(PYTHON) -m pytest -n 2 -m 'not office and not wine and not slow'

test: $(VENV)/installed windows
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PYTHON) -m pytest -n 3

# all tests again, counting the lines that they run
coverage: $(VENV)/installed windows
	$(PYTHON) -m pytest -n 2 --cov --cov-fail-under=90

# measured as it is installed: with the bytecode that pip makes of a package
bench: $(VENV)/installed
	$(PYTHON) -m compileall -q xlpkg
	$(PYTHON) tests/bench.py

# damaged files of every kind; those that make a fault are kept in out/ (twenty minutes: make fuzz COUNT=20000)
fuzz: COUNT ?= 2000
fuzz: FIRST ?= 0
fuzz: $(VENV)/installed
	mkdir -p $(OUT)
	$(PYTHON) tests/fuzz.py --count $(COUNT) --first $(FIRST) --keep $(OUT)

# spoils the value grammar and the money code, one place at a time; each must make a test fail (ten minutes)
mutants: $(VENV)/installed
	$(VENV)/bin/pip install --quiet mutmut
	$(VENV)/bin/mutmut run --max-children 2
	$(VENV)/bin/mutmut results

# the module of word lists from workbook/words/*.toml
words: $(VENV)/installed
	$(PYTHON) -m xlpkg.form.word_files

# the table of all rules in xlpkg/audit/RULES.md
rules: $(VENV)/installed
	$(PYTHON) -m xlpkg.audit.catalogue

workbooks: $(VENV)/installed
	for id in hn2015 mof2015 mof2021; do for kind in xlsx xlsm; do $(XLPKG) new -p $$id -o workbook/$$id.$$kind; done; done
	$(XLPKG) new -o workbook/xlpkg.xlam
	$(XLPKG) new --receiver -o workbook/receiver.xlsm

# the Windows kits; PYTHON_ZIP is python.org's python-3.12.x-embed-amd64.zip, without it the kits are for trial
kit: $(VENV)/installed
	@command -v osslsigncode >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends osslsigncode >/dev/null; }
	mkdir -p $(OUT)
	$(XLPKG) kit -o $(OUT)/xlpkg-kit.zip $(if $(PYTHON_ZIP),--python "$(PYTHON_ZIP)")

# the newest wheels for the kit, with their hashes, into xlpkg/kit/pins.toml
pins: $(VENV)/installed
	$(PYTHON) -m xlpkg.kit.pins

clean:
	rm -rf $(VENV) $(OUT) mutants build dist *.egg-info
