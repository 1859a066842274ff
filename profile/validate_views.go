package profile

import (
	"errors"
	"fmt"
)

// checkViews checks that views and the attributes they are of know each other.
func (p *Profile) checkViews() error {
	views := map[string]*Attribute{}
	for i := range p.Attributes {
		if a := &p.Attributes[i]; a.Role == RoleView {
			views[a.Name] = a
		}
	}
	for i := range p.Attributes {
		a := &p.Attributes[i]
		view := views[ViewName(a.Name)]
		delete(views, ViewName(a.Name))
		if err := a.checkGroups(view); err != nil {
			return fmt.Errorf("attribute %q: %w", a.Name, err)
		}
	}
	for name := range views {
		return fmt.Errorf("attribute %q is a view of nothing", name)
	}
	return nil
}

func (a *Attribute) checkGroups(view *Attribute) error {
	switch {
	case view == nil && a.Groups == nil:
		return nil
	case view == nil || a.Groups == nil:
		return errors.New("it has groups and no view, or a view and no groups")
	case a.Role != RoleValue && a.Role != RoleForm || view.Column != a.Column:
		return errors.New("it cannot have that view")
	case len(a.Groups) != len(a.Codes):
		return errors.New("its groups and codes differ in number")
	}
	members := make([]bool, len(view.Codes))
	for i, g := range a.Groups {
		if g < 0 || int(g) >= len(members) {
			return fmt.Errorf("code %d: its view has no such group", i)
		}
		members[g] = true
	}
	for g, any := range members {
		if !any {
			return fmt.Errorf("its view's code %d has no members", g)
		}
	}
	return nil
}
