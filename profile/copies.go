package profile

import "math"

// RowCopies is the name of the attribute that says how often a record occurs. Its measurement counts distinct records,
// not records: those that occur once, twice, and so on.
const RowCopies = "~copies"

// A CopyRange is how often a distinct record occurs: one code of [RowCopies].
type CopyRange struct {
	Label       string
	Least, Most int64 // records
}

var copyRanges = [...]CopyRange{
	{"1", 1, 1}, {"2", 2, 2}, {"3", 3, 3}, {"4", 4, 4}, {"5-8", 5, 8}, {"9-16", 9, 16}, {"17+", 17, math.MaxInt64},
}

// CopyRanges returns the codes of [RowCopies], which are public.
func CopyRanges() []CopyRange { return copyRanges[:] }

func isCopies(label string) bool {
	for _, r := range copyRanges {
		if r.Label == label {
			return true
		}
	}
	return false
}

// Copies are Groups distinct records that occur Size times each.
type Copies struct{ Size, Groups int64 }

// Bounds on what is taken from a measurement, so that arithmetic on it cannot overflow.
const (
	maxCopied      = 1 << 40 // records
	maxCopiedNoise = 1 << 20
)

// Duplicates returns how often records occur: the groups of each size, the smallest first, from the measurement of
// [RowCopies] and the row count. It is made of whole numbers, so it is the same on every machine. What does not stand out
// from the noise is left out; a profile without the measurement gives nothing. noise is what the number of all groups is
// uncertain by: twice the standard deviation of their sum, rounded up.
//
// The last range is open. Records that the other ranges do not account for are its, even if its own count is too small
// to stand out: one record a thousand times is a single count of a distinct record.
func Duplicates(p *Profile) (out []Copies, noise int64) {
	counts, sigma := copyCounts(p)
	if counts == nil {
		return nil, 0
	}
	noise = 6 * sigma // above 2·√7
	rest := whole(p.Manifest.Rows, maxCopied)
	rowSigma := whole(p.Manifest.RowSigma, maxCopiedNoise) + 1
	variance, slack := rowSigma*rowSigma, int64(0)
	last := len(copyRanges) - 1
	for i, r := range copyRanges[:last] {
		c := Copies{Size: (r.Least + r.Most) / 2, Groups: counts[i]}
		variance += c.Size * c.Size * sigma * sigma
		if r.Least > 1 && 2*c.Groups < 5*sigma { // 2.5 σ
			continue
		}
		slack += (r.Most - r.Least) * c.Groups / 2
		rest -= c.Size * c.Groups
		out = append(out, c)
	}
	groups := max(1, counts[last])
	if doubt := 3*int64(math.Sqrt(float64(variance))) + slack; rest > doubt && rest >= copyRanges[last].Least*groups {
		return append(out, Copies{Size: rest / groups, Groups: groups}), noise
	}
	if 2*counts[last] >= 5*sigma {
		out = append(out, Copies{Size: copyRanges[last].Least, Groups: groups})
	}
	return out, noise
}

// copyCounts returns the noisy counts of the ranges and a bound on their σ, or nil when they were not measured.
func copyCounts(p *Profile) (counts []int64, sigma int64) {
	a := p.Attribute(RowCopies)
	if a == nil {
		return nil, 0
	}
	for _, m := range p.Measurements {
		if len(m.Attributes) != 1 || m.Attributes[0] != RowCopies {
			continue
		}
		counts = make([]int64, len(copyRanges))
		for i, cell := range m.Cells {
			for k, r := range copyRanges {
				if a.Codes[cell[0]].Label == r.Label {
					counts[k] = whole(m.Values[i], maxCopied)
				}
			}
		}
		return counts, whole(m.Sigma, maxCopiedNoise) + 1
	}
	return nil, 0
}

// whole rounds x into [0, most].
func whole(x float64, most int64) int64 {
	return int64(math.Round(min(max(x, 0), float64(most))))
}

// repeats returns the share of the records that are exactly like an earlier one.
func repeats(p *Profile) float64 {
	var records, groups float64
	copies, noise := Duplicates(p)
	for _, c := range copies {
		records += float64(c.Size) * float64(c.Groups)
		groups += float64(c.Groups)
	}
	if records-groups <= float64(noise) {
		return 0
	}
	return 1 - groups/records
}
