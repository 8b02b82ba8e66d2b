"""方量 against the three lengths beside it: beyond a fifth the person is asked (B8)."""

from hushui.kinds.rule import Rule, figure
from hushui.kinds.tables import VOLUME_SHARE

HAIR = 1e-9
"""3.6 m³ is still within a fifth of 3 × 1 × 1 m, whatever the last bit says."""


def volume_rule(length: str, width: str, depth: str) -> Rule:
    box = f"{length} * {width} * {depth}"
    low, high = (figure(round(1 + sign * (VOLUME_SHARE + HAIR), 9)) for sign in (-1, 1))
    return Rule(
        code="volume_mismatch",
        effect="ask",
        field="volume_m3",
        when=f"volume_m3 < {low} * {box} || volume_m3 > {high} * {box}",
        zh=f"方量与三个边长的乘积相差超过 {VOLUME_SHARE:.0%}，请再看一眼",
        en=f"The volume differs from the product of the lengths by more than {VOLUME_SHARE:.0%}",
    )
