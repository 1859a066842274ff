package spec

import "fmt"

// A Focus is what a run should be most exact about: one column, by itself and with all others, or the columns of a slice, by
// themselves and with each other. In YAML it is a name or a list of names.
type Focus []string

// UnmarshalYAML reads a name as a list of one.
func (f *Focus) UnmarshalYAML(unmarshal func(any) error) error {
	var name string
	if unmarshal(&name) == nil {
		*f = Focus{name}
		return nil
	}
	var names []string
	if err := unmarshal(&names); err != nil {
		return err
	}
	*f = names
	return nil
}

// Emphasis is the weight of what is in focus: its error counts so many times as much as another's of the same size.
const Emphasis = 4

// Weight returns how much the errors count of a measurement over some columns: Emphasis where they are all of a slice in focus, or
// one of them is in focus by itself, else 1.
func (s *Spec) Weight(columns ...string) float64 {
	for _, f := range s.Focus {
		if f.covers(columns) {
			return Emphasis
		}
	}
	return 1
}

func (f Focus) covers(columns []string) bool {
	in := 0
	for _, c := range columns {
		for _, name := range f {
			if c == name {
				in++
				break
			}
		}
	}
	return in == len(columns) || len(f) == 1 && in > 0
}

func (s *Spec) validateFocus() error {
	for i, f := range s.Focus {
		at := fmt.Sprintf("focus[%d]", i)
		if len(f) == 0 {
			return invalidf(at, "focus[%d] is empty: name a column, or list the columns of a slice", i)
		}
		for k, name := range f {
			if name == "" {
				return invalidf(at, "focus[%d] has an empty name", i)
			}
			for _, other := range f[:k] {
				if other == name {
					return invalidf(at, "focus[%d] names column %q twice", i, name)
				}
			}
		}
		if s.Alone && len(f) > 1 {
			return invalidf(at, "focus[%d] is a slice, and alone: true has nothing of slices: take one of them away", i)
		}
	}
	return nil
}
