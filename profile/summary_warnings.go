package profile

import (
	"fmt"
	"math"
)

// MaxGap is the largest [Manifest].Gap of a fit that converged.
const MaxGap = 0.02

// nearEnough is the mean error of a cell, as a share of the records, that a fit may have whatever the noise. Of many millions of records
// noise is less than that, and to come as near as noise would help nobody.
const nearEnough = 1e-5

// Unconverged reports whether what columns say of each other may be off by more than noise, because the fit ended before it was there, and
// by how much: the square root of the mean square error of a cell, as a share of the records.
func (p *Profile) Unconverged() (off float64, yes bool) {
	cells, variance := 0, 0.0
	for _, m := range p.Measurements {
		if a := p.Attribute(m.Attributes[0]); a != nil && a.Role == RoleView {
			cells += len(m.Cells)
			variance += float64(len(m.Cells)) * m.Sigma * m.Sigma
		}
	}
	if cells == 0 || p.Manifest.Gap <= MaxGap {
		return 0, false
	}
	off = math.Sqrt(p.Manifest.Gap*variance/float64(cells)) / max(1, p.Manifest.Rows)
	return off, off > nearEnough
}

// drowned is the 95 % half-width of one share, of the records, from which on a column's shares say little.
const drowned = 0.05

// warnings says what a model is not good for, one sentence each; none when nothing is known against it.
func (s *Summary) warnings(p *Profile) []string {
	var out []string
	if off, yes := p.Unconverged(); yes {
		out = append(out, fmt.Sprintf("the model did not converge: what columns say of each other is off by more than noise, in a cell by %.2g %% of the records", 100*off))
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
