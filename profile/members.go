package profile

import "slices"

// Row attributes of JSON records.
const (
	// RowOthers is the name of the attribute that says how many members a record's objects have beyond the columns.
	RowOthers = "~others"
	// RowOrder is the name of the attribute that says whether a record has its members in the order of the columns.
	RowOrder = "~order"
)

// The labels of class Order.
const (
	OrderKept    = "kept"
	OrderChanged = "changed"
)

// othersLabels and othersLows are the intervals of class Others, by what they are called and where they begin.
var (
	othersLabels = []string{"0", "1-2", "3-8", "9+"}
	othersLows   = []int{0, 1, 3, 9}
)

// OthersLabels returns the labels of class Others in ascending order, and OthersLows the least number of members that each
// stands for.
func OthersLabels() []string { return slices.Clone(othersLabels) }

// OthersLows returns the least number of members for each of OthersLabels.
func OthersLows() []int { return slices.Clone(othersLows) }

// OthersRange returns the least and most members that a label of class Others stands for; the last one has no bound, and is
// taken to be twice as wide as the one before.
func OthersRange(label string) (least, most int) {
	i := slices.Index(othersLabels, label)
	switch {
	case i < 0:
		return 0, 0
	case i+1 < len(othersLows):
		return othersLows[i], othersLows[i+1] - 1
	}
	return othersLows[i], 2 * othersLows[i]
}

// knownLabel reports whether a label is one that its class can have, as far as the class has few.
func knownLabel(c *Code) bool {
	switch c.Class {
	case Shape:
		return isShape(c.Label)
	case Others:
		return slices.Contains(othersLabels, c.Label)
	case Order:
		return c.Label == OrderKept || c.Label == OrderChanged
	}
	return true
}
