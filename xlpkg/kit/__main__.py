"""python -m xlpkg.kit install|repair|remove: the set-up without windows, for whoever looks after many PCs."""

import sys
from pathlib import Path

from xlpkg.form.refusal import RefusalError
from xlpkg.kit import setup
from xlpkg.kit.errors import KitError
from xlpkg.kit.links import make_link
from xlpkg.kit.places import places
from xlpkg.live.say import speak_utf8


def main(arguments: list[str]) -> int:
    """Returns the exit code: 0 done, 2 not done."""
    try:
        if arguments in (["install"], ["repair"]):
            said = setup.install(Path(sys.prefix), places(), make_link, lambda text: None)
            failure = setup.self_test(places())
            print("\n".join([*said, failure or "试运行：正常。"]))
            return 2 if failure else 0
        if arguments == ["remove"]:
            print("\n".join(setup.remove(places())))
            return 0
        raise KitError("用法：python -m xlpkg.kit install|repair|remove")
    except RefusalError as refusal:
        print(refusal, file=sys.stderr)
    except OSError as error:
        from xlpkg.files.write import in_chinese

        print(in_chinese(error), file=sys.stderr)
    return 2


if __name__ == "__main__":
    speak_utf8()
    sys.exit(main(sys.argv[1:]))
