package mess

import (
	"strings"
	"unicode/utf8"

	"github.com/patina-data/patina/profile/record"
)

// What is made up for pieces outside of the vocabulary.
var (
	otherClasses = []string{"Aa", "a", "9", "A", "X"}
	otherGaps    = []string{"_", ",_", "_-_", "/", "-", "&", ":_", "_(", ")_", `\._`, "'", "_&_"}
	otherEnds    = []string{"", "", "", `\!`, ")", `\.`, "?"}
)

// settle makes up a piece that stands for those outside of the vocabulary, if it can with the classes of characters there
// may be.
func (d *drawing) settle(p piece) piece {
	if p.class != otherPiece {
		return p
	}
	gaps := otherGaps
	if p.last {
		gaps = otherEnds
	}
	for range 8 {
		p.class, p.gap = otherClasses[d.r.Int(len(otherClasses))], gaps[d.r.Int(len(gaps))]
		if p.traits()&^d.only == 0 {
			break
		}
	}
	return p
}

// length draws how long the piece's word is, given the pieces before it.
func (g *Grammar) length(p piece, before []piece, r *Rand) int {
	run, ok := p.word()
	if !ok {
		return max(0, len(p.class)-len(`""`))
	}
	at := beforeOf(before)
	for _, key := range sizeKeys(befores[at:at+1], p) {
		if u := g.sizes[key]; !u.empty() {
			return max(drawBetween(u.draw(r), wordLengthsCounted, r), shortest(run.class))
		}
	}
	return max(wordLength(r), shortest(run.class))
}

// drawBetween draws a number from one that is counted up to the next.
func drawBetween(n int, counted []int32, r *Rand) int {
	if at := floorAt(n, counted) + 1; at < len(counted) {
		return n + r.Int(int(counted[at])-n)
	}
	return n
}

// resize draws the lengths of a text's words of letters anew.
func (g *Grammar) resize(pieces []piece, r *Rand) []piece {
	for i := range pieces {
		if run, ok := pieces[i].word(); ok && isLetters(run.class) {
			pieces[i].n = g.length(pieces[i], pieces[:i], r)
		}
	}
	return pieces
}

// spell writes the pieces.
func spell(pieces []piece, r *Rand) string {
	f := filler{tag: record.Text, r: r}
	for _, p := range pieces {
		if run, ok := p.word(); ok {
			f.class(run, false)
		} else {
			f.b = append(f.b, strings.Trim(p.class, `"`)...)
		}
		f.drawBetween(p.gap)
	}
	return string(f.b)
}

// maxMany is how often a character stands that is there three times or more, at most.
const maxMany = 12

// emojis are written for any of their kind.
var emojis = []rune("😀😂😍👍🎉🔥😊🙏")

// drawBetween writes what stands between two words.
func (f *filler) drawBetween(gap string) {
	for gap != "" {
		var c gapRun
		c, gap, _ = cutGapRun(gap)
		times := 1
		if c.many {
			for times = 3; times < maxMany && f.r.Int(3) == 0; times++ {
			}
		}
		for range times {
			if c.escaped && c.char == "e" {
				f.b = utf8.AppendRune(f.b, emojis[f.r.Int(len(emojis))])
				continue
			}
			f.literal(c.char, c.escaped)
		}
	}
}

// gapLength returns how many characters a gap has, three for three or more.
func gapLength(gap string) (n int) {
	for gap != "" {
		var c gapRun
		c, gap, _ = cutGapRun(gap)
		n++
		if c.many {
			n += 2
		}
	}
	return n
}
