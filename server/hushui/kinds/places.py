"""The words for a place that several kinds share."""

from hushui.kinds import fields as f

BANKS = f.options(("left", "左岸", "Left bank"), ("right", "右岸", "Right bank"))
"""Facing downstream, which is the direction of the zone's line."""

POSITIONS = f.options(
    ("crest", "堤顶", "Crest"),
    ("waterside_slope", "临水坡", "Waterside slope"),
    ("landside_slope", "背水坡", "Landside slope"),
    ("toe", "堤脚", "Toe"),
    ("berm", "平台", "Berm"),
    ("landside_ground", "堤后", "Landside ground"),
    ("interface", "结合部", "Interface"),
    ("wall", "墙身", "Wall"),
    ("foundation", "基础", "Foundation"),
)

OBJECTS = f.options(
    ("reservoir", "水库", "Reservoir"),
    ("dike", "堤防", "Dike"),
    ("sea_dike", "海堤", "Sea dike"),
    ("detention_basin", "蓄滞洪区", "Detention basin"),
    ("polder", "圩垸", "Polder"),
    ("sluice", "水闸", "Sluice"),
    ("river_training", "治河工程", "River training works"),
    ("crossing_structure", "穿堤建筑物", "Structure through the dike"),
    ("canal", "渠道", "Canal"),
    ("pump_station", "机埠", "Pump station"),
    ("power_line", "专用线路", "Power line"),
    ("river_reach", "河段", "River reach"),
    ("wetland_park", "湿地公园", "Wetland park"),
    ("bridge_abutment", "桥台", "Bridge abutment"),
    ("gauge", "测站", "Gauge"),
)
