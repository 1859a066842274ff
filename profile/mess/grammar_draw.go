package mess

import (
	"slices"
	"strconv"
	"strings"

	"github.com/patina-data/patina/profile/record"
)

// Bounds on how hard [Grammar.Text] tries.
const (
	maxTexts  = 64      // texts; from the second half on they are made to have their length
	maxRefits = 8       // texts of a form that says all but the lengths of words
	maxDrawn  = 1 << 11 // pieces, of all texts together
)

// Text makes up a text that has the form, and none of the known forms that are finer. AnyForm stands for a text that has
// none of them. ok is false when none was found: the form is rarer in the grammar than it tries.
func (g *Grammar) Text(form string, known map[string]bool, r *Rand) (text string, ok bool) {
	a := aimFor(form, r)
	if a.like {
		for range maxRefits {
			if text = spell(g.resize(cutPieces(Fill(form, r).Text), r), r); hasForm(text, form, known) {
				return text, true
			}
		}
		return "", false
	}
	d := drawing{g: g, r: r, left: maxDrawn}
	for try := range maxTexts {
		d.begin(a, try >= maxTexts/2)
		if d.run() {
			if text = spell(d.pieces, r); hasForm(text, form, known) {
				return text, true
			}
		}
	}
	return "", false
}

// hasForm reports whether the form is the finest known one of the text.
func hasForm(text, form string, known map[string]bool) bool {
	cell := record.Cell{Tag: record.Text, Text: text}
	if Missing(cell) {
		return false
	}
	for _, f := range Shapes(cell) {
		if f == form || known[f] {
			return f == form
		}
	}
	return form == AnyForm
}

// An aim is what a form says of its texts, as far as it helps to draw them.
type aim struct {
	like     bool   // all but the lengths of words
	phrase   bool   // not how many characters
	only     traits // no others
	min, max int    // characters
}

func aimFor(form string, r *Rand) aim {
	a := aim{only: ^traits(0), min: 1, max: maxScan}
	switch {
	case form == AnyForm:
	case strings.HasPrefix(form, "~"):
		classes := strings.TrimLeft(form[1:], "0123456789")
		n, _ := strconv.Atoi(form[1 : len(form)-len(classes)])
		a.min = min(max(n, 1), maxCoarse)
		a.max, a.only = 2*a.min-1, traitsOf(classes)
	case DetailOf(form) == Vague:
		// Words of the other case are among those of a phrase; all else the form names.
		a.phrase, a.only = true, traitsOf(coarseMask(Fill(form, r).Text))|traitsOf("aA")
	default:
		a.like = true
	}
	return a
}

// A drawing is a text while its pieces are drawn.
type drawing struct {
	g    *Grammar
	r    *Rand
	left int // pieces that may still be drawn

	aim
	pieces []piece
	goal   int         // characters it is to have
	steer  bool        // it ends when it is long enough and not before
	lasts  *urn[piece] // what texts that begin like it end with
}

// begin starts a new text.
func (d *drawing) begin(a aim, steer bool) {
	d.aim, d.pieces, d.lasts = a, d.pieces[:0], nil
	if a.max == maxScan && d.g.long.empty() {
		d.phrase = true // nothing is known of how long it is
	}
	d.goal = d.g.goal(a, d.r)
	d.steer = !d.phrase && (steer || d.goal > longText)
}

// A text of more characters than longText is always steered: it would take many tries to hit its length.
const longText = 64

// reach is how many characters before its goal a steered text may end: about a word.
const reach = 6

// run draws pieces until one ends the text; it reports false when the text does not fit the aim.
func (d *drawing) run() bool {
	from, n := "", 0
	slack := 2 + d.goal/6
	for {
		if d.left--; d.left < 0 {
			return false
		}
		p, ok := d.next(from, n)
		if !ok {
			return false
		}
		from = p.text()
		if len(d.pieces) == 0 {
			d.lasts = d.g.ends[from]
		}
		p = d.settle(p)
		p.n = d.g.length(p, d.pieces, d.r)
		d.pieces = append(d.pieces, p)
		n += p.n + gapLength(p.gap)
		switch {
		case p.last && d.phrase:
			return true
		case !d.phrase && !d.steer && (n > d.goal+slack || p.last && n < d.goal-slack):
			return false
		case p.last:
			return stretch(d.pieces, d.goal-n, d.r)
		}
	}
}

// next draws the piece after from, when the text has n characters.
func (d *drawing) next(from string, n int) (piece, bool) {
	fits := func(p piece) bool {
		return p.traits()&^d.only == 0 && (!d.steer || p.last == (n >= d.goal-reach))
	}
	place := min(len(d.pieces), places)
	for _, u := range []*urn[piece]{d.g.paths[place][from], d.g.pool[from], d.g.any} {
		for range 8 {
			if u.empty() {
				break
			}
			if p := u.draw(d.r); fits(p) {
				return d.matched(p, from), true
			}
		}
	}
	return piece{}, false
}

// matched puts the end that goes with the text's beginning in place of another, where it can stand there.
func (d *drawing) matched(p piece, from string) piece {
	if !p.last || d.lasts.empty() {
		return p
	}
	q := d.lasts.draw(d.r)
	after := d.g.pool[from]
	if q.traits()&^d.only != 0 || after.empty() || !slices.Contains(after.balls, q) {
		return p
	}
	return q
}

// goal draws how many characters a text has.
func (g *Grammar) goal(a aim, r *Rand) int {
	for range 16 {
		if g.long.empty() {
			break
		}
		if n := drawBetween(g.long.draw(r), textLengthsCounted, r); n >= a.min && n <= a.max {
			return n
		}
	}
	return a.min + r.Int(a.max-a.min+1)
}

// stretch makes words of letters longer, or shorter, by d characters together, one after the other from a random one on; it
// reports false when they would become too short.
func stretch(pieces []piece, d int, r *Rand) bool {
	at, idle := r.Int(len(pieces)), 0
	for d != 0 {
		if idle == len(pieces) {
			return false
		}
		p := &pieces[at]
		at, idle = (at+1)%len(pieces), idle+1
		run, ok := p.word()
		switch {
		case !ok || !isLetters(run.class):
		case d > 0:
			p.n, d, idle = p.n+1, d-1, 0
		case p.n > shortest(run.class):
			p.n, d, idle = p.n-1, d+1, 0
		}
	}
	return true
}

func isLetters(class string) bool { return token{class: class}.letters() }
