package cli

import (
	"fmt"
	"strings"

	"github.com/mattn/go-runewidth"
)

// A screen is a page of text in the making.
type screen struct {
	strings.Builder
	style style
}

// verdict writes the line that says how it went.
func (s *screen) verdict(format string, args ...any) {
	s.WriteString(s.style.strong(fmt.Sprintf(format, args...)) + "\n")
}

func (s *screen) line(format string, args ...any) { fmt.Fprintf(s, format+"\n", args...) }

func (s *screen) gap() { s.WriteByte('\n') }

// fact writes a line with its subject in a column of its own.
func (s *screen) fact(subject, format string, args ...any) {
	fmt.Fprintf(s, "%s %s\n", s.style.faint(pad(subject, 8)), fmt.Sprintf(format, args...))
}

// next suggests commands, one a line, ready to be typed.
func (s *screen) next(commands ...string) {
	s.gap()
	subject := "next"
	for _, c := range commands {
		s.fact(subject, "%s", c)
		subject = ""
	}
}

// A table is text in aligned columns.
type table struct {
	header []string
	right  []bool // columns aligned to the right
	rows   [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// maxCell bounds the width of a cell on the screen, in terminal columns.
const maxCell = 44

// table writes the header and rows, columns two spaces apart.
func (s *screen) table(t *table) {
	width := make([]int, len(t.header))
	for _, row := range append([][]string{t.header}, t.rows...) {
		for i, cell := range row {
			width[i] = max(width[i], runewidth.StringWidth(clip(cell)))
		}
	}
	write := func(row []string) string {
		var b strings.Builder
		for i, cell := range row {
			cell = clip(cell)
			if i > 0 {
				b.WriteString("  ")
			}
			gap := strings.Repeat(" ", width[i]-runewidth.StringWidth(cell))
			if i < len(t.right) && t.right[i] {
				b.WriteString(gap + cell)
			} else {
				b.WriteString(cell + gap)
			}
		}
		return strings.TrimRight(b.String(), " ")
	}
	s.WriteString(s.style.faint(write(t.header)) + "\n")
	for _, row := range t.rows {
		s.WriteString(write(row) + "\n")
	}
}

func clip(cell string) string { return clipTo(cell, maxCell) }

func clipTo(text string, width int) string { return runewidth.Truncate(text, width, "…") }

func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-runewidth.StringWidth(text)))
}
