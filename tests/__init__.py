"""Everything that keeps 护水 true."""
