"""Floor 2: the judgement. Pure functions of floor 1: rules, totals, findings, repairs, the seal."""
