package report

// A Level is how good a finding is. It shows as a word or sign as well as a colour.
type Level int

// The levels of findings.
const (
	Plain  Level = iota // no judgement
	Good                // as it should be
	Unsure              // the numbers do not tell
	Bad                 // not as it should be
)

// class names the level in the style sheet.
func (l Level) class() string {
	switch l {
	case Good:
		return "good"
	case Unsure:
		return "unsure"
	case Bad:
		return "bad"
	}
	return "plain"
}

// sign shows the level to who does not see colours.
func (l Level) sign() string {
	switch l {
	case Good:
		return "✓"
	case Unsure:
		return "?"
	case Bad:
		return "✗"
	}
	return ""
}

// A Verdict is the answer, in a sentence that can be quoted.
type Verdict struct {
	Level Level
	Text  string // between back quotes: code, as in all running text
	More  string // a sentence that qualifies it; "" if none
}

func (v Verdict) view() (string, any) {
	return "verdict", struct{ Class, Sign, Text, More string }{v.Level.class(), v.Level.sign(), v.Text, v.More}
}

// Text is a paragraph. What stands between back quotes is set as code.
type Text string

func (t Text) view() (string, any) { return "text", string(t) }

// Heading is a title within a section.
type Heading string

func (h Heading) view() (string, any) { return "heading", string(h) }

// List is a list of sentences, written like Text.
type List []string

func (l List) view() (string, any) { return "list", []string(l) }

// A Fact is a term with what it is.
type Fact struct{ Term, Text string }

// Facts is a list of terms and what they are.
type Facts []Fact

func (f Facts) view() (string, any) { return "facts", []Fact(f) }

// Code is text to be copied or compared letter by letter.
type Code string

func (c Code) view() (string, any) { return "code", string(c) }

// Details are blocks that are folded away on a screen until asked for, and open on paper.
type Details struct {
	Summary string
	Blocks  []Block
}

func (d Details) view() (string, any) { return "details", d }
