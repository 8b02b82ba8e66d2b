"""The sections of the forms. In which order a form has them is said by its kind."""

from msgspec import Struct


class Group(Struct, frozen=True):
    """``folded``: seldom needed; closed until somebody opens it or something stands in it.
    ``once``: a fact of the moment, which 同上次 never brings from the last record; a field may say
    otherwise of itself (fields.py).
    """

    code: str
    zh: str
    en: str
    folded: bool = False
    once: bool = False


GROUPS: tuple[Group, ...] = (
    Group("main", "基本情况", "Basics"),
    Group("handled", "现场处理", "Handled"),
    Group("measures", "尺寸数量", "Measures, amounts", once=True),
    Group("types", "类型", "Type"),
    Group("place", "位置", "Place"),
    Group("time", "时间", "Time"),
    Group("state", "现状", "State"),
    Group("levels", "特征水位", "Levels of the station", folded=True),
    Group("plant", "设备参数", "Plant", folded=True),
    Group("level", "级别", "Level"),
    Group("threat", "威胁", "Threat"),
    Group("treatment", "先期处置", "First treatment"),
    Group("where", "部位和工程", "Position and structure", folded=True),
    Group("losses", "受灾情况", "Losses", folded=True),
    Group("safety", "安全条件", "Safety", once=True),
    Group("checklist", "检查项目", "Checklist", once=True),
    Group("crew", "人数工时", "People and hours"),
    Group("heat", "高温作业", "Work in heat", folded=True, once=True),
    Group("tools", "工具", "Tools"),
    Group("people", "人员", "People"),
    Group("resources", "投入", "Resources", folded=True),
    Group("result", "结果", "Result"),
    Group("more", "补充", "More", folded=True),
    Group("note", "说明", "Note", once=True),
    Group("photos", "照片", "Photos", once=True),
    Group("correction", "更正", "Correction", folded=True, once=True),
)
