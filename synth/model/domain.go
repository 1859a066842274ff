package model

import (
	"fmt"
	"math"
)

// A Domain is the number of codes of each attribute; attributes are named by their index.
type Domain []int

// maxTable bounds every table, in cells: an index fits 31 bits, so no table has more than 31 axes longer than one.
const maxTable = math.MaxInt32

// cells is the size of the table over attrs, maxTable where it would be larger. Saturating keeps sums of a few hundred
// tables from overflowing, and a cap below it still refuses them.
func (d Domain) cells(attrs []int) int {
	n := 1
	for _, a := range attrs {
		if n > maxTable/d[a] {
			return maxTable
		}
		n *= d[a]
	}
	return n
}

func (d Domain) validate() error {
	if len(d) == 0 {
		return fmt.Errorf("the domain has no attributes: give at least one")
	}
	for a, n := range d {
		if n < 1 || n > maxTable {
			return fmt.Errorf("attribute %d has %d codes: it must have between 1 and %d", a, n, maxTable)
		}
	}
	return nil
}

// clique checks that attrs is a set: at least one attribute of the domain, in increasing order.
func (d Domain) clique(attrs []int) error {
	if len(attrs) == 0 {
		return fmt.Errorf("it has no attributes: give at least one")
	}
	for i, a := range attrs {
		switch {
		case a < 0 || a >= len(d):
			return fmt.Errorf("attribute %d is not in the domain of %d attributes", a, len(d))
		case i > 0 && a <= attrs[i-1]:
			return fmt.Errorf("attribute %d comes after attribute %d: list each once, in increasing order", a, attrs[i-1])
		}
	}
	return nil
}

// index is the position of a cell, given by its codes, in the row-major table over attrs.
func (d Domain) index(attrs []int, codes []int32) (int, error) {
	if len(codes) != len(attrs) {
		return 0, fmt.Errorf("a cell has %d codes for %d attributes", len(codes), len(attrs))
	}
	at := 0
	for i, a := range attrs {
		c := int(codes[i])
		if c < 0 || c >= d[a] {
			return 0, fmt.Errorf("code %d is not among the %d of attribute %d", c, d[a], a)
		}
		at = at*d[a] + c
	}
	return at, nil
}
