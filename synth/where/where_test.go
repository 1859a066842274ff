package where

import (
	"errors"
	"strconv"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	e, err := Parse("country = \"D\\\"E\" AND (`a b`.form != \"x y\" or not n in (1, -2.5, 1e-3) ) and user.name is not missing and ok=true and tags[0]<>\"q\"" +
		" and device~form != 0 and `a``b`~form in (0, \"0\") and day>=2020-01-31 and at<2020-01-31T12:30 and t = 9:05:30 and é<-1e+5" +
		" and a.b is missing \"N/A\" and x is not missing NULL and y is missing absent and z.format=1 and `form`.form=\"\" and and.form=0")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	Tests(e, func(x Test) {
		form := ""
		if x.Form {
			form = ".form"
		}
		var values []string
		for _, v := range x.Values {
			if v.Quoted {
				v.Text = strconv.Quote(v.Text)
			}
			values = append(values, v.Text)
		}
		got = append(got, x.Column+form+" "+string(x.Op)+" "+strings.Join(values, "|"))
	})
	want := `country = "D\"E"; a b.form != "x y"; n in 1|-2.5|1e-3; user.name is missing ; ok = true; tags[0] != "q"` +
		"; device.form != 0; a`b.form in 0|\"0\"; day >= 2020-01-31; at < 2020-01-31T12:30; t = 9:05:30; é < -1e+5" +
		`; a.b is missing "N/A"; x is missing null; y is missing absent; z.format = 1; form.form = ""; and.form = 0`
	if s := strings.Join(got, "; "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

// TestErrorsPoint: every error says what it wants and points at the place.
func TestErrorsPoint(t *testing.T) {
	for text, want := range map[string]struct {
		at   int
		what string
	}{
		``:                        {0, "want a column"},
		`country`:                 {7, "want ="},
		`country =`:               {9, "want a value"},
		`country = DE`:            {10, "double quotes"},
		`country = "DE`:           {10, "no closing quote"},
		"`a b = 1":                {0, "no closing backquote"},
		`a = 1 b = 2`:             {6, "want and, or"},
		`(a = 1`:                  {6, "closing parenthesis"},
		`a in 1`:                  {5, "list of values"},
		`a in (1 2)`:              {8, "a comma"},
		`a is 3`:                  {5, "want missing"},
		`a not = 3`:               {6, "want in"},
		`a.form > "x"`:            {0, "no order"},
		`a.form is missing`:       {0, "not missing"},
		`a~form = 1`:              {9, "0 for the usual one"},
		`a = missing "x"`:         {4, "is missing"},
		`a = 2020-1-1`:            {4, "a date such as"},
		`a = b.form`:              {4, "want a value"},
		"first-name = 1":          {5, "backquotes"},
		"`` = 1":                  {0, "want a column"},
		`a = 'x'`:                 {4, "unexpected character"},
		`é = "x" and %`:           {13, "unexpected character"},
		strings.Repeat("(", 1000): {101, "nested"},
	} {
		_, err := Parse(text)
		var e *Error
		if !errors.As(err, &e) || e.At != want.at || !strings.Contains(e.What, want.what) {
			t.Errorf("%s: %v, want %q at %d", text, err, want.what, want.at)
			continue
		}
		lines := strings.Split(err.Error(), "\n")
		if caret := lines[2]; len(caret)-3 != len([]rune(text[:e.At])) {
			t.Errorf("%s: the caret is after %d characters", text, len(caret)-3)
		}
	}
	if _, err := Parse(strings.Repeat(" ", maxText+1)); err == nil {
		t.Error("a condition without end is accepted")
	}
}

// eval evaluates a condition on columns that are 1 or not.
func eval(e Expr, ones map[string]bool) bool {
	switch e := e.(type) {
	case Or:
		for _, x := range e {
			if eval(x, ones) {
				return true
			}
		}
		return false
	case And:
		for _, x := range e {
			if !eval(x, ones) {
				return false
			}
		}
		return true
	case Not:
		return !eval(e.X, ones)
	case Test:
		return ones[e.Column]
	}
	panic("unknown")
}

// TestPartsAreAPartition: for every record exactly one part holds, on the side of the condition's answer.
func TestPartsAreAPartition(t *testing.T) {
	for _, text := range []string{
		"a=1", "a=1 and b=1", "a=1 or b=1", "not (a=1 and b=1) or c=1", "(a=1 or b=1) and (a=1 or c=1) and not d=1", "a=1 and b=1 or a=1 and c=1 or d=1 and a=1",
	} {
		e, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		yes, no, err := Parts(e)
		if err != nil {
			t.Fatal(err)
		}
		for bits := range 16 {
			ones := map[string]bool{"a": bits&1 > 0, "b": bits&2 > 0, "c": bits&4 > 0, "d": bits&8 > 0}
			count := func(parts []Part) (n int) {
				for _, p := range parts {
					holds := true
					for _, l := range p {
						holds = holds && eval(l.X, ones) == l.Want
					}
					if holds {
						n++
					}
				}
				return n
			}
			y, n := count(yes), count(no)
			if want := eval(e, ones); y+n != 1 || (y == 1) != want {
				t.Errorf("%s: %v is in %d parts where it holds and %d where not", text, ones, y, n)
			}
		}
	}
}

func TestTooManyParts(t *testing.T) {
	var terms []string
	for _, c := range strings.Split("abcdefghijklmn", "") {
		terms = append(terms, c+"1=1 and "+c+"2=1")
	}
	e, err := Parse(strings.Join(terms, " or "))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Parts(e); !errors.Is(err, errTooManyParts) {
		t.Errorf("got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a = 1", "not (a in (1,2) or `b c`.form = \"x\")", "a is not missing and", "\"", "((((", "é=1e-5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := Parse(s)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error says nothing")
			}
			return
		}
		Parts(e) // an error is fine, a panic or no end is not
	})
}
