"""Everything that the window says, in a clerk's words."""

from datetime import datetime

# --- the window -----------------------------------------------------------------------------------------------------

FORM_PAGE, BUREAU_PAGE = "填报表", "汇总（财政部门）"
WELCOME = (
    "还没有打开表格。点“打开”选择，或者把表格的路径粘贴到上面的框里、按回车；最近用过的在框右边的箭头里。\n"
    "表格在WPS、Excel、LibreOffice里每保存一次，这里的问题就自动更新一次。本窗口从不改动您的表格，改好的另存一份。"
)
READING = "正在读取“{}”……"
WORKING = "正在处理，请稍候……"
STILL_WORKING = "正在处理，写完这一份就关闭……"
NO_FILE = "请先打开一张表。"
NO_DISPLAY = "没有图形界面，打不开窗口。请在桌面上运行，或者用 xlpkg check 检查。"
NO_WINDOW_PARTS = (
    "打不开窗口：这台电脑的Python缺少窗口部件。请信息员安装python3-tk（例如 sudo apt install python3-tk），再打开本窗口。"
)
NOT_SHOWN = "没有能打开“{}”的程序，请到文件夹里打开。"


def title(product: str, file: str = "", errors: int = 0, warnings: int = 0) -> str:
    """What the window is called: seen in the task bar while another program is in front."""
    if not file:
        return product
    return f"{file}　{f'错误{errors}条' if errors else '没有错误'}　提醒{warnings}条 - {product}"


# --- buttons --------------------------------------------------------------------------------------------------------

OPEN, SHOW, FOLDER = "打开… Ctrl+O", "打开表格", "打开文件夹"
CHECK, CHECKED_COPY, MEND, SUBMIT = "检查 F5", "检查稿", "一键修复 F6", "生成申报表 F7"
NEXT_YEAR, TAKE_IN, PICK, NEW = "下年的表", "导入…", "选指标…", "新建"
MONITOR, EVALUATE = "由这张表生成：绩效运行监控表", "由这张表生成：绩效自评表"
COPY_CELL, COPY_TEXT, AGREE, DISAGREE = "复制位置", "复制改好的内容", "同意代改", "不同意代改"
SHOW_WRITTEN, SHOW_FOLDER, GO_ON = "打开", "打开所在文件夹", "改看这一份"

OPEN_TITLE, TAKE_IN_TITLE, NEW_TITLE = "选择表格", "选择要导入的文件", "空白表存到哪里"
READABLE = "表格、文档"
ALL_FILES = "全部文件"
FORMS = "Excel表格"

# --- the form page --------------------------------------------------------------------------------------------------

WHERE, CELL, WHAT, ADVICE, OFFER = "位置", "格子", "什么问题", "怎么改", "可代为修改"
AGREED, NOT_AGREED, AT_ONCE = "√ 同意", "□ 同意", "可直接改"
FOREIGN = "这不是本工具的填报表，问题可以看，格子跳不到。点“导入”转成填报表。"
CHOOSE_LINE = "点一条问题，这里显示全文。"
NOTHING_FOUND = "没有发现问题。"
GONE_ON = "改好后在自己的程序里保存，这里会自动更新。"


def group(severity: str, lines: int, findings: int) -> str:
    """The head of a group of findings."""
    word = {"error": "必须改", "warning": "请核对", "info": "提示"}[severity]
    more = f"，共{findings}处" if findings > lines else ""
    return f"{word}：{lines}条{more}"


def verdict(status: str, errors: int, warnings: int, infos: int) -> str:
    """Whether the form can be sent."""
    end = "错误须全部改正后才能报送。" if errors else "可以生成申报表。"
    return f"{status}：错误{errors}条，提醒{warnings}条，提示{infos}条。{end}"


def facts(money: str, filled: int, needed: int, seal: str, at: datetime) -> str:
    """The line under the verdict."""
    return f"{money}　已填{filled}／{needed}　校验码 {seal}　{at:%H:%M:%S}检查"


def updated(before: tuple[int, int], after: tuple[int, int], at: datetime) -> str:
    """What a save has changed: errors and warnings before and after."""
    if before == after:
        return f"{at:%H:%M:%S} 表格已保存，已重新检查，错误和提醒的条数没有变。"
    (errors, warnings), (errors_now, warnings_now) = before, after
    return f"{at:%H:%M:%S} 表格已保存，已重新检查：错误{errors}条→{errors_now}条，提醒{warnings}条→{warnings_now}条。"


def problem(where: str, cell: str, what: str, advice: str) -> str:
    """A finding in full."""
    return f"{where}{f'（{cell}）' if cell else ''}：{what}。\n怎么改：{advice}"


def mended(cell: str, text: str, new_rows: int) -> str:
    """What would stand in a cell."""
    shown = "　".join(text.replace("\n", "；").split("\t"))
    rows = f"，先在下面插入{new_rows}行" if new_rows else ""
    return f"改好的内容{f'（{cell}{rows}）' if cell else ''}：{shown}"


def cell_copied(cell: str) -> str:
    """After 复制位置."""
    return f"已复制“{cell}”。在表格左上角的名称框里粘贴、按回车，就跳到这一格。"


def text_copied(cell: str, new_rows: int) -> str:
    """After 复制改好的内容."""
    if new_rows:
        return f"已复制。先在{cell}的下面插入{new_rows}个空行，再点{cell}，粘贴，保存。"
    return f"已复制。在表格里点{cell}，粘贴，保存。" if cell else "已复制。粘贴到表格里对应的地方，保存。"


NEEDS_ROW = "这一条有好几处，请点左边的小三角展开，选其中一行。"
AGREED_COUNT = "同意代改的有{}处，点“一键修复”时一起改。"

# --- 选指标 ------------------------------------------------------------------------------------------------------------

PICK_TITLE = "选指标"
PURPOSE, CATEGORY, WORDS, ALL = "资金用途", "二级指标", "查找", "全部"
PICK_HEAD, INDICATOR, SIGN_AND_UNIT, STANDARD, PEERS = "选", "三级指标", "符号和单位", "绩效标准", "同类单位／指标解释"
FILL_IN, CANCEL = "填进新表", "取消"
TICK_FIRST = "请先点要填的指标，左边出现√。"
NOTHING_TO_PICK = "指标库里没有适合这张表的指标。"
NOT_FOR_PICKING = "选指标是给申报表用的，这是监控表或自评表。"


def picked(ticked: int, shown: int) -> str:
    """How many indicators are ticked, and how many are listed."""
    return f"列出{shown}条，已选{ticked}条。指标值由您自己填。"


# --- the bureau's page ----------------------------------------------------------------------------------------------

BUREAU_HELP = (
    "选择装有各单位报表的文件夹（可以分子文件夹），点“开始汇总”。汇总表写在这个文件夹旁边，各单位的文件一律不改动。\n"
    "停下以后、补交文件以后再汇总，只读新的和改过的文件。"
)
CHOOSE_FOLDER, LETTERS, START, STOP = "选择文件夹…", "同时写退回意见书", "开始汇总", "停止"
FOLDER_TITLE = "选择各单位报表所在的文件夹"
SHOW_WORKBOOK, SHOW_LETTERS = "打开汇总表", "打开退回意见书"
NO_FOLDER = "请先选择文件夹。"
SEARCHING = "正在找文件……"
WRITING = "文件读完了，正在写汇总表……"
STOPPING = "正在停止……"
STOPPED = "已停止，没有写汇总表。已经读过的文件下次不用再读。"
BROKEN_OFF = "汇总中断了，没有写完。请再点一次“开始汇总”；还是不行的，把这个文件夹交给信息员看。"
COLLECT_FIRST = "正在汇总。请先停止，再关闭窗口。"


def progress(done: int, of: int, seconds: float) -> str:
    """How far the reading is; the time that is left, where it can be told."""
    if not done or done >= of or seconds < 3:
        return f"已读{done}／{of}个文件"
    left = seconds / done * (of - done)
    word = f"{left:.0f}秒" if left < 90 else f"{left / 60:.0f}分钟"
    return f"已读{done}／{of}个文件，大约还要{word}"


def collected(summary: str, workbook: str) -> str:
    """What came of consolidating."""
    return f"{summary}\n已写出：{workbook}，在文件夹旁边。"


# --- the menu of a Linux desktop ------------------------------------------------------------------------------------

MENU_NAME = "绩效目标申报工具"
MENU_COMMENT = "检查、修改项目支出绩效目标申报表，生成申报表"
MENU_INSTALLED = "已放进应用菜单：{}。右键点表格→打开方式，也可以选它。"
MENU_REMOVED = "已从应用菜单去掉。"
MENU_ONLY_LINUX = "这一项用于Linux桌面。Windows上请用安装包，桌面上会有“绩效目标窗口”。"


def several(projects: int) -> str:
    """Of a file with more than one project."""
    return f"这个文件里有{projects}个项目，这里只列出第1个的问题。点“导入”把它们分成一项目一表，再逐张检查。"
