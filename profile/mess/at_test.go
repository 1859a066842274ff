package mess

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile/record"
)

// TestNoNumberHasAnAt: no kind that is tried before e-mail addresses reads a text with an @, which is why a vote spares itself asking.
func TestNoNumberHasAnAt(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	texts := []string{
		"yes", "1", "12.50", "-4", "1,250", "1e5", "$3.99", "3.99 USD", "50 %", "(12)", "12 kg", "2024-01-31", "31/01/2024 10:00", "Jan 5, 2024 at 10:00", "10:00",
		"10:00 pm", "2h 5min", "5 min", "PT5M", "1:30:05", "2024-01-31T10:00:00Z", "Q1 2024", "week 5", "1 January 2024", "20240131", "1706695200",
	}
	for range 200_000 {
		text := texts[r.IntN(len(texts))]
		at := r.IntN(len(text) + 1)
		text = text[:at] + []string{"@", " @ ", "@@", " @"}[r.IntN(4)] + text[at:]
		if r.IntN(3) == 0 {
			text = strings.ToUpper(text)
		}
		for _, codec := range codecs {
			if codec.Kind() == Email {
				break
			}
			if _, _, ok := codec.Parse(record.Cell{Tag: record.Text, Text: text}); ok {
				t.Fatalf("%s reads %q", codec.Kind(), text)
			}
		}
	}
}
