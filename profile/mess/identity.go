package mess

import "strconv"

// An Identity is a made-up person: what the columns of one record say of them when they agree. The names are common
// ones from public lists, put together at random, and the street numbers, digits and words are made up.
type Identity struct {
	Given, Middle, Family string // in title case
	Digits                string // four, of which user names and addresses end in the first ones
	Word                  string // a user name that says nothing of the person, lower case
	Domain                string // of e-mail addresses and pages, reserved for examples
	House                 string // number of a street address
	Street                string // its name, without its type
	City                  string
}

// NewIdentity makes up a person.
func NewIdentity(r *Rand) *Identity {
	n := names()
	return &Identity{
		Given: pick(n.given, r), Middle: pick(n.given, r), Family: pick(n.family, r),
		Digits: strconv.Itoa(1000 + r.Int(9000)), Word: Word(r), Domain: Word(r) + pick(reserved, r),
		House: strconv.Itoa(1 + r.Int(9999)), Street: pick(n.family, r), City: pick(n.cities, r),
	}
}

// reserved are domains under which nobody can be reached (RFC 2606).
var reserved = []string{".example.com", ".example.org", ".example.net"}

// identity returns the row's person, or a new one where the row has none.
func (r *Rand) identity() *Identity {
	if r.Identity != nil {
		return r.Identity
	}
	return NewIdentity(r)
}
