package mess

import (
	"testing"

	"github.com/patina-data/patina/profile/record"
)

// FuzzRender renders any span in any form, as a profile from a stranger may ask for, in every kind: nothing panics, and no cell is long. A
// span that passes Check and fits its form comes back as it was.
func FuzzRender(f *testing.F) {
	for i, form := range []string{"*", "d0", "#d3", "d20z9", "(d20z1)", "d20e-3", "YYYY-MM-DD", "D/M/YY", "Month D, YYYY h:mm:ss am", "h:mmAM", "yes/no", "A{3}", "=upper=drop", "~16aAsp", "PT"} {
		lo, hi := hostileEdges[i], hostileEdges[len(hostileEdges)-1-i]
		f.Add([]string{"", "2024-01-31", "-1.5", "true", "12:30"}[i%5], form, lo.M, lo.E, hi.M, hi.E, uint64(i))
	}
	f.Fuzz(func(t *testing.T, key, form string, loM int64, loE int8, hiM int64, hiE int8, seed uint64) {
		r, _ := seeded(seed)
		s := Span{Key: key}
		if key == "" {
			s = Span{Lo: Edge{loM, loE}, Hi: Edge{hiM, hiE}}
		}
		for _, c := range codecs {
			c.Own(form)
			fits := c.Fits(s, form)
			cell := c.Render(s, form, r)
			if len(cell.Text) > 2*maxOpen+len(key)+len(form) || cell.Tag == record.Absent {
				t.Fatalf("%s: %v in %.60q gives %d bytes", c.Kind(), s, form, len(cell.Text))
			}
			if fits && c.Check(s) == nil && (c.Axis() != nil || c.Kind() == Boolean) {
				checkRender(t, c, s, form, r)
			}
		}
	})
}

// FuzzParseEdge reads edges: what is one is written as it was read.
func FuzzParseEdge(f *testing.F) {
	for _, s := range []string{"0", "-0.5", "125", "1e5", "00", "-0", "0.10", "9223372036854775807", "1.", "99999999999999999999999999999999"} {
		f.Add(s)
	}
	for _, e := range hostileEdges {
		f.Add(e.String())
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := ParseEdge(s)
		if err != nil {
			return
		}
		if again, err := ParseEdge(e.String()); err != nil || again != e {
			t.Errorf("%q is %v, which is written %s and read as %v, %v", s, e, e, again, err)
		}
	})
}
