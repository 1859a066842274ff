package mess

import "testing"

func TestAgrees(t *testing.T) {
	for _, tc := range []struct {
		kind        Kind
		cell        string
		otherKind   Kind
		other       string
		want        bool
		explanation string
	}{
		{Name, "Jane Smith", Email, "jane.smith@example.org", true, "both names"},
		{Name, "SMITH, Jane", Email, "jsmith42@example.org", true, "the family name in a word"},
		{Name, "José García", Email, "jgarcia@example.org", true, "without accents"},
		{Email, "jane@example.org", Name, "Jane", true, "the other way round"},
		{UserName, "@smith_jane", Name, "Jane Smith", true, "a handle"},
		{UserName, "jsmith42", Email, "jsmith@example.org", true, "a user name in an address"},
		{Name, "Jane Smith", Name, "Smith", true, "a part of the name"},
		{Name, "Jane Smith", Email, "info@example.org", false, "nothing in common"},
		{Name, "Jane Smith", Email, "bob@smith.org", false, "the domain does not count"},
		{Name, "Al Ho", Email, "al.ho@example.org", false, "words too short to tell"},
		{Name, "unknown", Email, "unknown@example.org", false, "missing"},
		{Category, "Jane", Name, "Jane", false, "not a person's kind"},
		{Name, "\xff\xfe", Email, "\xff@", false, "not UTF-8"},
	} {
		if got := Agrees(tc.kind, text(tc.cell), tc.otherKind, text(tc.other)); got != tc.want {
			t.Errorf("%s: %v", tc.explanation, got)
		}
	}
}

// Cells of one person agree, and those of two rarely do. Of 400 pairs of persons drawn at random, each with the same
// probability p below 0.05 of sharing a word, more than 60 agree with a probability below 10^−10.
func TestIdentitiesAgree(t *testing.T) {
	r, _ := seeded(62)
	render := func(k Kind, form string, id *Identity) string {
		r.Identity = id
		return codec(t, k).Render(Span{}, form, r).Text
	}
	chance := 0
	for range 400 {
		id := NewIdentity(r)
		name := render(Name, "First_Last", id)
		for kind, form := range map[Kind]string{Email: "f.last@d", UserName: `\@first\_last`, Name: "LAST,_FIRST"} {
			if other := render(kind, form, id); !Agrees(Name, text(name), kind, text(other)) {
				t.Errorf("%q and %q do not agree", name, other)
			}
		}
		if Agrees(Name, text(name), Email, text(render(Email, "first.last@d", NewIdentity(r)))) {
			chance++
		}
	}
	if chance > 60 {
		t.Errorf("%d of 400 agree by chance", chance)
	}
}
