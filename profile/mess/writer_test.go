package mess

import (
	"testing"

	"github.com/patina-data/patina/profile/record"
)

// A writer, used over and over, writes after what is there and draws what Render and Fill draw.
func TestWritersRenderDrawForDraw(t *testing.T) {
	year := secondsSpan(civil(2024), civil(2025))
	morning := Span{Lo: edgeOf(8*hour, 0), Hi: edgeOf(9*hour, 0)}
	for _, tt := range []struct {
		kind Kind
		span Span
		form string
	}{
		{Integer, Span{Lo: Edge{1, 3}, Hi: Edge{2, 3}}, "d0"},
		{Integer, Span{Lo: Edge{1, 3}, Hi: Edge{2, 3}}, "_d0g,"},
		{Integer, Span{Key: "42"}, "d0"},
		{Integer, Span{Key: "42"}, AnyForm},
		{Decimal, Span{Lo: Edge{-5, 0}, Hi: Edge{5, 0}}, "(d2)"},
		{Decimal, Span{Key: "-4.5"}, "d3z2"},
		{Date, year, "M/D/YYYY"},
		{Date, Span{Key: "2024-02-29"}, "DD.MM.YYYY"},
		{Timestamp, year, "YYYY-MM-DDThh:mm:ss.fffZ"},
		{Timestamp, Span{Key: "2024-02-29T10:00:00"}, AnyForm},
		{Time, morning, "h:mm AM_"},
		{Time, morning, "__hh:mm:ss"},
		{Time, Span{Key: "08:30:00"}, "hh:mm"},
		{Boolean, Span{Key: "true"}, "_Y/N"},
		{Email, Span{}, "first.last@d"},
		{Email, Span{Key: "example.org"}, "FLAST9{2}@D"},
		{URL, Span{Key: "http://www.example.org"}, "h/a/9{2}"},
		{IP, Span{Key: "v4 private"}, "v4"},
		{Phone, Span{Key: "+1"}, "(999)_999-9999"},
		{City, Span{Key: "san antonio"}, "City"},
		{Category, Span{}, "Aa+_9{3}"},
		{TextKind, Span{}, "~16aAds"},
		{ID, Span{}, "#9{5}"},
		{TextKind, Span{}, "!true/false"},
		{TextKind, Span{}, `@\{"a+":9\}`},
	} {
		c := codec(t, tt.kind)
		r, _ := seeded(60)
		again, _ := seeded(60)
		w := NewWriter(c, tt.span, tt.form)
		b := []byte("before")
		for range 20 {
			want := c.Render(tt.span, tt.form, r)
			start := len(b)
			var tag record.Tag
			b, tag = w(b, again)
			if got := (record.Cell{Tag: tag, Text: string(b[start:])}); got != want {
				t.Fatalf("%s in %q: the writer wrote %v, and Render %v", tt.kind, tt.form, got, want)
			}
		}
		if string(b[:6]) != "before" {
			t.Errorf("%s in %q: the writer overwrote what was there", tt.kind, tt.form)
		}
	}
}
