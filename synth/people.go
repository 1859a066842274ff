package synth

import (
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// people makes the columns of a row that are about a person, its name, address and user name, agree in as many rows as the
// profile says. Every row has a person, who is made up of the row's source and the seed alone. The cells of the first such column
// are about the row's person, and in as many rows those of each other column; the rest are about somebody else.
//
// It is read-only after it is made.
type people struct {
	shares []uint64 // [column] in how many rows its cells are about the row's person
	perm   permutation
	key    uint64
}

// A person returns whom the cells in row i of a block are about, nil for one whom nobody else knows.
type person func(i int) *mess.Identity

// planPeople returns nil when no two columns are known to agree. The plan must be built.
func (s *sampler) planPeople(p *profile.Profile) *people {
	kinds := make([]mess.Kind, len(s.columns))
	for i := range s.columns {
		kinds[i] = s.columns[i].codec.Kind()
	}
	of := profile.PersonColumns(kinds)
	if of == nil {
		return nil
	}
	w := &people{shares: make([]uint64, len(kinds)), perm: newPermutation(s.rows, derive(s.seed, 5)), key: derive(s.seed, 6)}
	found := false
	for _, c := range of[1:] {
		if agree, differ, ok := profile.AgreementOf(p, p.Manifest.Columns[c].Name); ok {
			w.shares[c] = s.pilot(w, of[0], c).share(uint64(agree), uint64(agree+differ), s.rows)
			found = found || w.shares[c] > 0
		}
	}
	if !found {
		return nil
	}
	w.shares[of[0]] = s.rows
	return w
}

// A pilot is how a column agrees with the first in some rows with both: when all cells are about the rows' persons, and when none
// is. Few addresses agree by chance, and not all that could do: a form such as info@ says nothing of the person.
type pilot struct{ rows, shared, apart uint64 }

// pilot renders the first block's cells of two columns, with as many rows as there are.
func (s *sampler) pilot(w *people, first, other int) (out pilot) {
	var none *copies
	sources := none.sources(0, int(min(blockRows, s.rows)))
	h := s.mix.deal(sources)
	all := w.of(sources)
	one := s.cells(first, sources, h, all.person)
	shared, apart := s.cells(other, sources, h, all.person), s.cells(other, sources, h, nil)
	a, b := s.columns[first].codec, s.columns[other].codec
	for i := range one {
		if reads(a, one[i]) && reads(b, shared[i]) && reads(b, apart[i]) {
			out.rows++
			out.shared += count(mess.Agrees(a.Kind(), one[i], b.Kind(), shared[i]))
			out.apart += count(mess.Agrees(a.Kind(), one[i], b.Kind(), apart[i]))
		}
	}
	return out
}

// reads reports whether a cell is a value of the kind.
func reads(codec mess.Codec, c record.Cell) bool {
	_, _, ok := codec.Parse(c)
	return ok && !mess.Missing(c)
}

func count(yes bool) uint64 {
	if yes {
		return 1
	}
	return 0
}

// share returns in how many of n rows cells are to be about the row's person, for agree of total rows to agree.
func (p pilot) share(agree, total, n uint64) uint64 {
	wanted := mulDiv(p.rows, agree, total)
	switch {
	case wanted <= p.apart:
		return 0
	case wanted >= p.shared:
		return n
	}
	return mulDiv(n, wanted-p.apart, p.shared-p.apart)
}

// A crowd is the persons of a block's rows, made up when they are first asked for.
type crowd struct {
	*people
	sources []uint64
	known   []*mess.Identity
}

// of returns the persons of rows by their sources.
func (w *people) of(sources []uint64) *crowd {
	if w == nil {
		return nil
	}
	return &crowd{people: w, sources: sources, known: make([]*mess.Identity, len(sources))}
}

// in says whom the cells of a column are about; nil when nobody is known.
func (c *crowd) in(column int) person {
	if c == nil || c.shares[column] == 0 {
		return nil
	}
	share := c.shares[column]
	return func(i int) *mess.Identity {
		if c.perm.at(c.sources[i]) >= share {
			return nil
		}
		return c.person(i)
	}
}

// person returns the person of row i.
func (c *crowd) person(i int) *mess.Identity {
	if c.known[i] == nil {
		c.known[i] = mess.NewIdentity(&mess.Rand{Source: &stream{state: derive(c.key, c.sources[i])}})
	}
	return c.known[i]
}
