package mess

import (
	"slices"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile/record"
)

func TestShapes(t *testing.T) {
	long := strings.Repeat("word ", 1000)
	for _, tc := range []struct {
		cell record.Cell
		want []string
	}{
		{text("Domino 1234"), []string{`Aa{6}_9{4}`, `Aa+_9{4}`, `~8aAds`}},
		{text("a"), []string{`a{1}`, `a+`, `~1a`}},
		{text("AB12"), []string{`\A\B9{2}`, `A{2}9{2}`, `A+9{2}`, `~4Ad`}},
		{text("A1B2"), []string{`H{4}`, `~4Ad`}},
		{text("deadbeef01"), []string{`a{8}9{2}`, `a+9{2}`, `~8ad`}},
		{text("3f8a"), []string{`h{4}`, `~4ad`}},
		{text("x1y2"), []string{`b{4}`, `~4ad`}},
		{text("xY12z"), []string{`m{5}`, `~4aAd`}},
		{text("McTavish"), []string{`X{8}`, `X+`, `~8aA`}},
		{text("007"), []string{`0{3}`, `9{3}`, `~2d`}},
		{text("0"), []string{`9{1}`, `~1d`}},
		{text("01-02"), []string{`9{2}-9{2}`, `~4dp`}},
		{text("(555) 123-4567"), []string{`(9{3})_9{3}-9{4}`, `~8dsp`}},
		{text("user@example.com"), []string{`a{4}\@a{7}\.a{3}`, `a+\@a+\.a+`, `~16ap`}},
		{text("T&M: Time & Materials"), []string{`A{1}&A{1}:_Aa{4}_&_Aa{9}`, `A+&A+:_Aa+_&_Aa+`, `~16aAsp`}},
		{text("one two Three four five"), []string{`a{3}_a{3}_Aa{5}_a{4}_a{4}`, `a+{4}`, `~16aAs`}},
		{text("One Two Three Four 5"), []string{`Aa{3}_Aa{3}_Aa{5}_Aa{4}_9{1}`, `Aa+{4}_9{1}`, `~16aAds`}},
		{text("A B C D"), []string{`A{1}_A{1}_A{1}_A{1}`, `A+{4}`, `~4As`}},
		{text("id 1e7a0000-1234-4f00-8a00-00c04fd430c8;"), []string{`a{2}_h{8}-h{4}-h{4}-h{4}-h{12};`, `a+_h{8}-h{4}-h{4}-h{4}-h{12};`, `~32adsp`}},
		{text("1E7A0000-1234-4F00-8A00-00C04FD430C8"), []string{`H{8}-H{4}-4H{3}-H{4}-H{12}`, `H{8}-H{4}-H{4}-H{4}-H{12}`, `~32Adp`}},
		{text("1e7a0000-1234-4f00-8a00-00c04fd430c8é"), []string{`h{8}-9{4}-h{4}-h{4}-b{13}`, `~32adép`}},
		{text("#tag_*~\\"), []string{`\#a{3}\_\*\~\\`, `\#a+\_\*\~\\`, `~8ap`}},
		{text("~x"), []string{`\~a{1}`, `\~a+`, `~2ap`}},
		{text("a\nb\r\tc\u00a0d\u200be\x01\x7f"), []string{`a{1}\na{1}\r\ta{1}\sa{1}\za{1}\c\c`, `a+\na+\r\ta+\sa+\za+\c\c`, `~8apn`}},
		{text("caf\xe9"), []string{`a{3}\x`, `a+\x`, `~4ax`}},
		{text("caf\ufffd"), []string{"a{3}\ufffd", "a+\ufffd", `~4ap`}},
		{text("café"), []string{`éa{4}`, `éa+`, `~4aé`}},
		{text("Ünïque"), []string{`éAa{6}`, `éAa+`, `~4aé`}},
		{text("cafe\u0301"), []string{`éa{5}`, `éa+`, `~4ap`}},
		{text("Москва"), []string{`яAa{6}`, `яAa+`, `~4я`}},
		{text("ΑΘΗΝΑ 5"), []string{`λA{5}_9{1}`, `λA+_9{1}`, `~4dλs`}},
		{text("東京タワー"), []string{`漢a{5}`, `漢a+`, `~4漢`}},
		{text("iPhone서울"), []string{`éX{8}`, `éX+`, `~8aA한`}},
		{text("서울 시"), []string{`한a{2}_한a{1}`, `한a+_한a+`, `~4한s`}},
		{text("Երևան"), []string{`աAa{5}`, `աAa+`, `~4ա`}},
		{text("5µm"), []string{`9{1}éa{2}`, `9{1}éa+`, `~2adé`}},
		{text("un été à la mer"), []string{`a{2}_éa{3}_éa{1}_a{2}_a{3}`, `éa+{4}`, `~8aés`}},
		{text("100 €"), []string{`9{3}_€`, `~4dsp`}},
		{text("→ ★"), []string{`\u_\u`, `~2sp`}},
		{text("❤\ufe0f"), []string{`\u\u`, `~2p`}},
		{text("٣"), []string{`\u`, `~1p`}},
		{text(long), []string{`~4096as`}},
		{text(strings.Repeat("word-", 900)), []string{`~4096ap`}},
		{text(strings.Repeat("-x", 100)), []string{`~128ap`}},
		{text(""), []string{`~1`}},
		{number("-12.50"), []string{`#-9{2}\.9{2}`, `#9`}},
		{number("1e5"), []string{`#9`}},
		{number("Infinity"), []string{`#9`}},
		{record.Cell{Tag: record.Bool, Text: "true"}, []string{`!true/false`}},
		{record.Cell{Tag: record.JSON, Text: `{"a": [1, -2.5, "x\"y", true, null, false]}`},
			[]string{`@\{"a+":[9{1},-9{1}\.9{1},"a+",null,null,null]\}`, `@\{\}`}},
		{record.Cell{Tag: record.JSON, Text: `{}`}, []string{`@\{\}`}},
		{record.Cell{Tag: record.JSON, Text: ` [1e5]`}, []string{`@[]`}},
		{record.Cell{Tag: record.JSON, Text: `["unended`}, []string{`@[]`}},
		{record.Cell{Tag: record.JSON, Text: "[" + strings.Repeat("1,", 3000) + "1]"}, []string{`@[]`}},
	} {
		if got := Shapes(tc.cell); !slices.Equal(got, tc.want) {
			t.Errorf("%s %.40q has shapes %q, want %q", tc.cell.Tag, tc.cell.Text, got, tc.want)
		}
	}
}

func TestLiteralIsAsciiText(t *testing.T) {
	if len(asciiText) != 128 {
		t.Fatalf("%d characters", len(asciiText))
	}
	for c := range asciiText {
		if asciiText[c] != byte(c) {
			t.Errorf("character %d is %q", c, asciiText[c])
		}
	}
}

// The letters that are written for a script are of it, and have an upper case or none.
func TestScriptsWriteTheirOwnLetters(t *testing.T) {
	for _, s := range scripts {
		if scriptOf(s.mark) != s || markedScript(s.mark) != s {
			t.Errorf("the mark %c is not of its script", s.mark)
		}
		for _, c := range s.letters {
			word := text(string(c) + strings.ToUpper(string(c)))
			if got := Shapes(word)[0]; scriptOf(c) != s || got != s.String()+"X{2}" && got != s.String()+"a{2}" || classify(c) != lower {
				t.Errorf("%q has the shape %s, not one of %c", word.Text, got, s.mark)
			}
		}
	}
}
