package profile

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// roleOf says which role's attributes a class of codes belongs to.
var roleOf = map[Class]Role{
	Absent:       RoleValue,
	Null:         RoleValue,
	Missing:      RoleValue,
	OtherMissing: RoleValue,
	Atom:         RoleValue,
	Bin:          RoleValue,
	Generated:    RoleValue,
	Literal:      RoleValue,
	Other:        RoleValue,
	NoForm:       RoleForm,
	Form:         RoleForm,
	OtherForm:    RoleForm,
	Shape:        RoleRow,
	OtherShape:   RoleRow,
	CopyCount:    RoleRow,
	UnitSize:     RoleRow,
	Others:       RoleRow,
	Order:        RoleRow,
	Group:        RoleView,
	Step:         RoleText,
	Agreement:    RoleAgreement,
	Withheld:     RoleWithheld,
}

// classes are all classes of codes, in no order.
var classes = slices.Collect(maps.Keys(roleOf))

// checkAttributes checks each attribute and their order: row attributes, then by column its value, its form, what else is
// known of it, and the views. Strict order also means that a column has at most one of each.
func (p *Profile) checkAttributes() error {
	columns := make(map[string]int, len(p.Manifest.Columns))
	for i, c := range p.Manifest.Columns {
		columns[c.Name] = i
	}
	names := make(map[string]bool, len(p.Attributes))
	last := -1
	for i := range p.Attributes {
		a := &p.Attributes[i]
		if err := checkName(a.Name); err != nil {
			return fmt.Errorf("attribute %d: %w", i, err)
		}
		if names[a.Name] {
			return fmt.Errorf("attribute %q is listed twice", a.Name)
		}
		names[a.Name] = true
		rank, masked, err := p.place(a, columns)
		if err != nil {
			return fmt.Errorf("attribute %q: %w", a.Name, err)
		}
		if rank < last || rank == last && a.Role != RoleRow {
			return fmt.Errorf("attribute %q is out of order or its role is taken", a.Name)
		}
		last = rank
		if err := a.checkCodes(masked); err != nil {
			return fmt.Errorf("attribute %q: %w", a.Name, err)
		}
		if a.Role == RoleValue {
			if err := a.checkSpans(mess.Kind(p.Manifest.Columns[columns[a.Column]].Kind)); err != nil {
				return fmt.Errorf("attribute %q: %w", a.Name, err)
			}
		}
	}
	return p.checkViews()
}

// place returns an attribute's rank in the order of attributes, and whether its column is masked.
func (p *Profile) place(a *Attribute, columns map[string]int) (rank int, masked bool, err error) {
	if a.Role == RoleRow {
		if a.Column != "" {
			return 0, false, errors.New("a row attribute has no column")
		}
		return 0, false, nil
	}
	i, ok := columns[a.Column]
	if !ok {
		return 0, false, errors.New("its column is not listed")
	}
	masked = p.Manifest.Columns[i].Masked
	switch a.Role {
	case RoleValue:
		return 7*i + 1, masked, nil
	case RoleForm:
		return 7*i + 2, masked, nil
	case RoleText:
		return 7*i + 3, masked, nil
	case RoleAgreement:
		return 7*i + 4, masked, nil
	case RoleWithheld:
		return 7*i + 5, masked, nil
	case RoleView:
		if a.Name == ViewName(FormName(a.Column)) {
			return 7*i + 7, masked, nil
		}
		return 7*i + 6, masked, nil
	}
	return 0, false, errors.New("unknown role")
}

func (a *Attribute) checkCodes(masked bool) error {
	if len(a.Codes) == 0 {
		return errors.New("no codes")
	}
	seen := make(map[key]bool, len(a.Codes))
	var lastBin *Code
	for i := range a.Codes {
		c := &a.Codes[i]
		if err := c.check(a.Role); err != nil {
			return fmt.Errorf("code %d: %w", i, err)
		}
		if masked && c.Origin == Learnt && c.Class == Literal {
			return fmt.Errorf("code %d: a literal was learnt from a masked column", i)
		}
		if c.Class == Bin {
			if lastBin != nil && lastBin.Hi.Compare(c.Lo) > 0 {
				return fmt.Errorf("code %d: bins overlap or are out of order", i)
			}
			lastBin = c
			continue
		}
		k := key{c.Class, c.Tag, c.Label}
		if seen[k] {
			return fmt.Errorf("code %d is a duplicate", i)
		}
		seen[k] = true
	}
	return nil
}

// checkSpans checks that the column's kind can hold the atoms and bins, so that rendering them cannot go wrong.
func (a *Attribute) checkSpans(kind mess.Kind) error {
	codec, err := mess.ForKind(kind)
	if err != nil {
		return err
	}
	for i, c := range a.Codes {
		if c.Class == Generated && !codec.Open() {
			return fmt.Errorf("code %d: values of the kind are not made up", i)
		}
		if c.Class != Atom && c.Class != Bin {
			continue
		}
		if err := codec.Check(c.Span()); err != nil {
			return fmt.Errorf("code %d: %w", i, err)
		}
	}
	return nil
}

// check checks one code by itself. That a class without label and tag occurs once follows from its key.
func (c *Code) check(role Role) error {
	if of, ok := roleOf[c.Class]; !ok || of != role {
		return errors.New("its class is not one of the attribute's role")
	}
	if rest := c.Origin == Rest && c.Class == Bin; !rest && !c.Origin.known() {
		return errors.New("unknown origin")
	}
	if c.Class.carriesTag() != (c.Tag != record.Absent) || c.Tag == record.Null || c.Tag > record.JSON {
		return errors.New("its tag does not fit its class")
	}
	if c.Label != "" && !c.Class.carriesLabel() || c.Label == "" && (c.Class == Atom || c.Class == Group) {
		return errors.New("its label does not fit its class")
	}
	if len(c.Label) > MaxText {
		return fmt.Errorf("label of %d bytes: at most %d", len(c.Label), MaxText)
	}
	if err := c.checkRowLabel(); err != nil {
		return err
	}
	if c.Class == CopyCount && !isCopies(c.Label) {
		return errors.New("its label is not a range of copies")
	}
	if c.Class == UnitSize && !isUnitRange(c.Label) {
		return errors.New("its label is not a range of records of a unit")
	}
	if c.Class == Step && !mess.ValidStep(c.Label) {
		return errors.New("its label is not a step")
	}
	if c.Class == Agreement && c.Label != Agree && c.Label != Differ {
		return errors.New("its label is not an agreement")
	}
	if c.Class == Withheld && !slices.Contains(mess.Reasons(), c.Label) {
		return errors.New("its label is not a reason")
	}
	return c.checkEdges()
}

func (c *Code) checkEdges() error {
	if c.Class != Bin {
		if c.Lo != (Edge{}) || c.Hi != (Edge{}) {
			return errors.New("only bins have edges")
		}
		return nil
	}
	if !c.Lo.Canonical() || !c.Hi.Canonical() {
		return errors.New("a bin edge is not canonical")
	}
	if c.Lo.Compare(c.Hi) >= 0 {
		return errors.New("a bin is empty")
	}
	return nil
}

// isShape reports whether the label is a row shape in canonical decimal.
func isShape(label string) bool {
	n, err := strconv.Atoi(label)
	if err != nil || strconv.Itoa(n) != label {
		return false
	}
	return n >= -record.MaxShape && n <= record.MaxShape || namedShapes[label] != ""
}
