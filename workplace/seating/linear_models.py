"""A linear model collected as arrays of columns and rows, and handed to HiGHS at once."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from workplace.seating.problems import Whole

Floats: TypeAlias = npt.NDArray[np.float64]

SLACK = 0.01  # of a thousandth of cost: what the solver's rounding may take from a whole number
OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.5,
    "mip_max_nodes": 2_000,
    "time_limit": 8.0,  # seconds; what is not proved by then is not used as a plan
}


class LinearModel:
    """Columns and rows collected as arrays, then handed to the solver at once."""

    def __init__(self) -> None:
        self._costs: list[Floats] = []
        self._uppers: list[Floats] = []
        self._whole: list[npt.NDArray[np.bool_]] = []
        self._entries: list[tuple[Whole, Whole, Floats]] = []
        self._row_lowers: list[Floats] = []
        self._row_uppers: list[Floats] = []
        self._count = self._row_count = 0

    def columns(
        self, costs: npt.NDArray[Any], *, upper: npt.ArrayLike, whole: bool = False
    ) -> Whole:
        self._costs.append(np.asarray(costs, dtype=np.float64))
        self._uppers.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), costs.shape))
        self._whole.append(np.full(costs.shape, whole))
        self._count += len(costs)
        return np.arange(self._count - len(costs), self._count)

    def rows(self, count: int, terms: list[tuple[Whole, npt.ArrayLike]], *, upper: float) -> None:
        """Add `count` rows: the sum of each term's column times its factor is at most `upper`."""
        numbers = np.arange(count)
        for columns, factor in terms:
            self._add(numbers, columns, factor)
        self._close(np.full(count, -np.inf), np.full(count, upper))

    def sums(
        self,
        groups: Whole,
        columns: Whole,
        count: int,
        *,
        also: Whole | None = None,
        also_by: float = 1,
        lower: npt.NDArray[Any] | None = None,
        upper: npt.NDArray[Any] | None = None,
    ) -> None:
        """Add one row per group: the sum of its columns, and of `also`'s column of that number."""
        self._add(groups, columns, 1)
        if also is not None:
            self._add(np.arange(count), also, also_by)
        self._close(
            np.full(count, -np.inf) if lower is None else lower.astype(np.float64),
            np.full(count, np.inf) if upper is None else upper.astype(np.float64),
        )

    def minimum(self, *, whole: bool) -> tuple[Floats | None, int | None]:
        """Give the columns' values where the optimum is proved, and the bound, rounded down."""
        import highspy  # optional, and heavy

        solver = highspy.Highs()
        for name, value in OPTIONS.items():
            solver.setOptionValue(name, value)
        solver.passModel(self._problem(highspy, whole=whole))
        solver.run()
        proved = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        info = solver.getInfo()
        bound = info.mip_dual_bound if whole else info.objective_function_value if proved else None
        if bound is None or not np.isfinite(bound):
            return None, None
        values = np.asarray(solver.getSolution().col_value) if proved else None
        return values, int(np.floor(bound + SLACK))

    def _problem(self, highspy: Any, *, whole: bool) -> Any:
        rows = np.concatenate([entry[0] for entry in self._entries])
        columns = np.concatenate([entry[1] for entry in self._entries])
        factors = np.concatenate([entry[2] for entry in self._entries])
        order = np.lexsort((rows, columns))
        problem = highspy.HighsLp()
        problem.num_col_, problem.num_row_ = self._count, self._row_count
        problem.col_cost_ = np.concatenate(self._costs)
        problem.col_lower_ = np.zeros(self._count)
        problem.col_upper_ = np.concatenate(self._uppers)
        problem.row_lower_ = np.concatenate(self._row_lowers)
        problem.row_upper_ = np.concatenate(self._row_uppers)
        problem.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        counts = np.bincount(columns, minlength=self._count)
        problem.a_matrix_.start_ = np.concatenate([[0], np.cumsum(counts)])
        problem.a_matrix_.index_ = rows[order]
        problem.a_matrix_.value_ = factors[order]
        if whole:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            problem.integrality_ = [kinds[int(flag)] for flag in np.concatenate(self._whole)]
        return problem

    def _add(self, rows: Whole, columns: Whole, factor: npt.ArrayLike) -> None:
        factors = np.broadcast_to(np.asarray(factor, dtype=np.float64), columns.shape)
        self._entries.append((rows + self._row_count, columns, factors))

    def _close(self, lower: Floats, upper: Floats) -> None:
        self._row_lowers.append(lower)
        self._row_uppers.append(upper)
        self._row_count += len(lower)
