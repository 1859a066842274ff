package profile

import "fmt"

// MaxGap is the largest [Manifest].Gap of a fit that converged.
const MaxGap = 0.02

// drowned is the 95 % half-width of one share, of the records, from which on a column's shares say little.
const drowned = 0.05

// warnings says what a model is not good for, one sentence each; none when nothing is known against it.
func (s *Summary) warnings(gap float64) []string {
	var out []string
	if gap > MaxGap {
		out = append(out, fmt.Sprintf("the model did not converge: what columns say of each other is off by more than noise (a gap of %.2g, above %g)", gap, MaxGap))
	}
	if len(s.Columns) > 1 && len(s.Together) == 0 {
		out = append(out, "no columns are measured together: nothing between them stood out of the noise, and in the synthetic data they are independent")
	}
	many, worst := 0, 0.0
	for _, c := range s.Columns {
		if c.PlusMinus >= drowned {
			many++
			worst = max(worst, c.PlusMinus)
		}
	}
	if many > 0 {
		out = append(out, fmt.Sprintf("shares are known to ± %.0f %% or more in %d of %d columns, to ± %.0f %% in the worst: use more records, a larger ε or fewer columns",
			100*drowned, many, len(s.Columns), 100*worst))
	}
	return out
}
