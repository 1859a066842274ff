package eval

import (
	"math"
	"strings"

	"github.com/patina-data/patina/profile"
)

// counted is what was measured of the cells of one or more attributes, before any fit: independent Gaussian counts.
type counted struct {
	values   []float64 // records
	variance []float64 // of the noise, records²
}

// rows returns a profile's noisy number of records, at least 1.
func rows(p *profile.Profile) float64 { return max(1, p.Manifest.Rows) }

// count adds up all complete measurements of some attributes, weighted by 1/σ². The last attribute runs fastest. Those that a
// threshold has cut off are left out: what is left of a count that had to be large is biased. ok is false when there is none.
func count(p *profile.Profile, names ...string) (c counted, ok bool) {
	sizes, cells := make([]int, len(names)), 1
	for k, name := range names {
		a := p.Attribute(name)
		if a == nil {
			return c, false
		}
		sizes[k] = len(a.Codes)
		cells *= sizes[k]
	}
	c = counted{make([]float64, cells), make([]float64, cells)}
	weight := 0.0
	for _, m := range p.Measurements {
		if len(m.Cells) != cells || m.Sigma <= 0 || !same(m.Attributes, names) || release(p, m.Release).Mechanism != "gaussian" {
			continue
		}
		w := 1 / (m.Sigma * m.Sigma)
		weight += w
		for i, cell := range m.Cells {
			at := 0
			for k, code := range cell {
				at = at*sizes[k] + int(code)
			}
			c.values[at] += w * m.Values[i]
		}
	}
	if weight == 0 {
		return c, false
	}
	for i := range c.values {
		c.values[i] /= weight
		c.variance[i] = 1 / weight
	}
	return c, true
}

func same(a, b []string) bool { return strings.Join(a, "\x00") == strings.Join(b, "\x00") }

// release returns the release of that id; none where there is none.
func release(p *profile.Profile, id int) profile.Release {
	if id < 1 || id > len(p.Manifest.Releases) {
		return profile.Release{}
	}
	return p.Manifest.Releases[id-1]
}

// A cut is a threshold that counts had to reach to be released: what is not in a domain was below, up to noise.
type cut struct{ threshold, sigma float64 } // records

// cutOf returns the highest threshold under which codes of an attribute were looked for; ok is false where none were.
func cutOf(p *profile.Profile, a *profile.Attribute) (c cut, ok bool) {
	purpose := map[profile.Role]string{profile.RoleValue: "frequent values", profile.RoleForm: "forms, rung 1", profile.RoleRow: "row shapes"}[a.Role]
	c.threshold = math.Inf(-1)
	for _, r := range p.Manifest.Releases {
		if r.Threshold > 0 && r.Column == a.Column && r.Purpose == purpose && purpose != "" && r.Threshold > c.threshold {
			c = cut{r.Threshold, r.Sigma}
		}
	}
	return c, !math.IsInf(c.threshold, -1)
}
