"""What is looked at: on a round (B4), at a pump station and along a line (B8), when a shift is
handed over (B7)."""

from hushui.kinds import fields as f

BUILT: dict[str, tuple[f.Choice, ...]] = {
    "dike": f.options(
        ("crest_level", "堤顶：平整、高程", "Crest: level"),
        ("crest_ruts", "堤顶：车辙", "Crest: ruts"),
        ("crest_cracks", "堤顶：裂缝", "Crest: cracks"),
        ("crest_sinkholes", "堤顶：陷坑", "Crest: sinkholes"),
        ("crest_obstacles", "堤顶：障碍物", "Crest: obstacles"),
        ("crest_passable", "堤顶：道路通行", "Crest: road passable"),
        ("crest_signs", "堤顶：桩牌标志", "Crest: stakes and signs"),
        ("waterside_revetment", "临水坡：护坡", "Waterside: revetment"),
        ("waterside_cracks", "临水坡：裂缝", "Waterside: cracks"),
        ("waterside_slip", "临水坡：滑动", "Waterside: slip"),
        ("waterside_holes", "临水坡：洞穴", "Waterside: holes"),
        ("waterside_wave_cuts", "临水坡：浪坎", "Waterside: wave cuts"),
        ("waterside_eddies", "临水坡：水边漩涡", "Waterside: eddies"),
        ("landside_wet", "背水坡：潮湿片", "Landside: wet patches"),
        ("landside_seepage", "背水坡：渗水", "Landside: seepage"),
        ("landside_cracks", "背水坡：裂缝", "Landside: cracks"),
        ("landside_slip", "背水坡：滑动", "Landside: slip"),
        ("landside_burrows", "背水坡：獾狐白蚁洞", "Landside: animal and termite holes"),
        ("landside_weeds", "背水坡：高秆杂草", "Landside: weeds"),
        ("landside_trees", "背水坡：树木", "Landside: trees"),
        ("toe_boils", "堤脚：泡泉", "Toe: boils"),
        ("toe_sand", "堤脚：冒沙", "Toe: sand"),
        ("toe_soft", "堤脚：软脚", "Toe: soft ground"),
        ("toe_ponds", "堤后：坑塘", "Behind: ponds"),
        ("toe_ditches", "堤后：沟渠", "Behind: ditches"),
        ("toe_wells", "堤后：水井", "Behind: wells"),
        ("toe_houses", "堤后：房屋", "Behind: houses"),
        ("crossing_gap", "穿堤建筑物：结合部缝隙", "Crossing: gap at the interface"),
        ("crossing_seepage", "穿堤建筑物：渗水清浑", "Crossing: seepage"),
        ("crossing_gate", "穿堤建筑物：闸门关闭", "Crossing: gate closed"),
        ("crossing_settlement", "穿堤建筑物：沉陷", "Crossing: settlement"),
        ("crossing_outlet", "穿堤建筑物：出口", "Crossing: outlet"),
    ),
    "sluice": f.options(
        ("sluice_gate", "水闸：闸门", "Sluice: gate"),
        ("sluice_hoist", "水闸：启闭机", "Sluice: hoist"),
        ("sluice_power", "水闸：主备电源", "Sluice: main and standby power"),
        ("sluice_water_stop", "水闸：止水", "Sluice: water stop"),
        ("sluice_apron", "水闸：护坦", "Sluice: apron"),
        ("sluice_gauge", "水闸：水尺", "Sluice: gauge"),
    ),
    "reservoir": f.options(
        ("reservoir_dam", "水库：坝体", "Reservoir: dam"),
        ("reservoir_spillway", "水库：溢洪道", "Reservoir: spillway"),
        ("reservoir_outlet", "水库：放水设施", "Reservoir: outlet"),
        ("reservoir_surface", "水库：水面", "Reservoir: water surface"),
        ("reservoir_level", "水库：水位", "Reservoir: level"),
        ("reservoir_seepage", "水库：渗漏", "Reservoir: seepage"),
    ),
    "canal": f.options(
        ("canal_silt", "渠道：淤积", "Canal: silt"),
        ("canal_weeds", "渠道：杂草", "Canal: weeds"),
        ("canal_leakage", "渠道：渗漏", "Canal: leakage"),
        ("canal_lining", "渠道：衬砌", "Canal: lining"),
        ("canal_collapse", "渠道：垮塌", "Canal: collapse"),
        ("canal_gate", "渠道：闸门", "Canal: gate"),
        ("canal_structures", "渠道：渠系建筑物", "Canal: structures"),
        ("canal_outlets", "渠道：私开放水口", "Canal: illegal outlets"),
    ),
}
"""The rows of B4. A dike comes with what goes through it."""
PATROL_ITEMS = tuple(item for items in BUILT.values() for item in items)


def part(*places: str) -> tuple[f.Choice, ...]:
    return tuple(item for item in BUILT["dike"] if item.code.partition("_")[0] in places)


ROUND: dict[str, tuple[f.Choice, ...]] = {
    **BUILT,
    **dict.fromkeys(("sea_dike", "detention_basin", "polder"), BUILT["dike"]),
    "river_training": part("crest", "waterside"),
    "crossing_structure": part("crossing"),
}
"""What stands there → what a round looks at. A sea dike, a polder and a detention basin are looked
after as the dike around them; training works have no landside. A river reach, a wetland park and a
bridge have no list in B4: what is wrong there is an event (B5) or a hazard, reported as it is."""

PUMP_ITEMS = f.options(
    ("intake", "拦污栅、前池", "Intake rack and forebay"),
    ("pump_body", "泵体", "Pump body"),
    ("packing", "填料", "Packing"),
    ("bearing", "轴承油位、温度", "Bearing oil and temperature"),
    ("coupling", "联轴器", "Coupling"),
    ("motor_insulation", "电机绝缘", "Motor insulation"),
    ("winding", "绕组温度", "Winding temperature"),
    ("switchgear", "开关柜", "Switchgear"),
    ("meter_box", "计量箱、熔断器", "Meter box and fuses"),
    ("transformer_oil", "变压器油", "Transformer oil"),
    ("earthing", "接地", "Earthing"),
    ("discharge_pipe", "出水管", "Discharge pipe"),
    ("flap_valve", "拍门", "Flap valve"),
    ("hoist", "起吊设备", "Hoist"),
    ("drainage", "排水", "Drainage"),
    ("extinguishers", "灭火器", "Fire extinguishers"),
    ("room_clean", "机房卫生", "Room clean"),
    ("standby_power", "备用电源启动", "Standby power start"),
)

LINE_ITEMS = f.options(
    ("line_poles", "杆塔：倾斜、裂纹、锈蚀", "Poles and towers: lean, cracks, rust"),
    ("line_foundation", "基础：下沉、冲刷、取土", "Foundations: sunk, scoured, dug away"),
    ("line_guys", "拉线：松弛、断股", "Guy wires: slack, broken strands"),
    ("line_crossarm", "横担、金具", "Cross-arms and fittings"),
    ("line_insulators", "绝缘子：破损、放电痕迹", "Insulators: broken, flashover marks"),
    ("line_conductors", "导线：断股、挂异物", "Conductors: broken strands, things hanging on"),
    ("line_joints", "接头、线夹：松动、过热", "Joints and clamps: loose, hot"),
    ("line_clearance", "弧垂、对地和交叉距离", "Sag, clearance to ground and crossings"),
    ("line_switch", "柱上开关、跌落式熔断器", "Pole switches and drop-out fuses"),
    ("line_arrester", "避雷器", "Surge arresters"),
    ("line_transformer", "变压器：油位、渗油、响声", "Transformer: oil level, leaks, noise"),
    ("line_earthing", "接地：引下线、接地体", "Earthing: down-lead and electrode"),
    ("line_cable", "电缆头、电缆沟", "Cable ends and ducts"),
    ("line_trees", "通道：树竹", "Corridor: trees and bamboo"),
    ("line_works", "通道：建房、施工、堆物", "Corridor: building, works, heaps"),
    ("line_signs", "杆号牌、警示牌", "Pole numbers and warning signs"),
)

CHECKS: dict[str, tuple[str, tuple[f.Choice, ...]]] = {
    "pump_check": ("pump_station", PUMP_ITEMS),
    "line_patrol": ("power_line", LINE_ITEMS),
}
"""The work that is a check of one structure → the structures it is for, and what it looks at."""
WORK_LISTS = {
    **{code: items for code, (_, items) in CHECKS.items()},
    "pump_overhaul": PUMP_ITEMS,
}
WORK_ITEMS = (*PUMP_ITEMS, *LINE_ITEMS)

STORES = f.options(
    ("keys", "钥匙", "Keys"),
    ("vehicle", "车辆", "Vehicle"),
    ("boats", "船只", "Boats"),
    ("radio", "电台对讲机", "Radio"),
    ("fuel", "油料", "Fuel"),
    ("stores", "物资清点", "Stores counted"),
    ("app_sync", "数据已同步", "App synchronised"),
)
