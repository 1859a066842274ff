package profile

import (
	"errors"
	"slices"
)

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

// checkRowLabel checks the label of a row attribute's code.
func (c *Code) checkRowLabel() error {
	switch {
	case c.Class == Shape && !isShape(c.Label):
		return errors.New("its label is not a row shape")
	case c.Class == Others && !slices.Contains(othersLabels, c.Label):
		return errors.New("its label is not a number of other members")
	case c.Class == Order && c.Label != OrderKept && c.Label != OrderChanged:
		return errors.New("its label is not an order")
	}
	return nil
}
