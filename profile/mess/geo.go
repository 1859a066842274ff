package mess

import (
	"fmt"
	"strconv"
	"strings"
)

// geoGrammar reads pairs of latitude and longitude in degrees. The generalisation is the cell of one degree that the place
// is in, by its south-western corner, "48,2"; the form gives the decimals and what is around and between:
// `d4,_d4`, `(d6;d6)`, `d2N_d2E` for letters of the hemispheres in place of signs.
type geoGrammar struct{}

const (
	minGeoDecimals = 3 // fewer are sizes and prices
	maxGeoDecimals = 15
)

// geoSeparators are what may stand between the two, longest first.
var geoSeparators = []string{" , ", ", ", "; ", " / ", ",", ";", "/", " "}

func (geoGrammar) read(s string) (key, form string, ok bool) {
	if len(s) < 7 || len(s) > 60 || !isDigit(s[0]) && strings.IndexByte("-([", s[0]) < 0 {
		return "", "", false
	}
	open, shut := "", ""
	for _, brackets := range []string{"()", "[]"} {
		if body, ok := strings.CutPrefix(s, brackets[:1]); ok && strings.HasSuffix(body, brackets[1:]) {
			open, shut, s = brackets[:1], brackets[1:], body[:len(body)-1]
		}
	}
	for _, sep := range geoSeparators {
		north, east, ok := strings.Cut(s, sep)
		if !ok {
			continue
		}
		lat, d1, hemi1, ok1 := readDegrees(north, 90, "NS")
		lon, d2, hemi2, ok2 := readDegrees(east, 180, "EW")
		if !ok1 || !ok2 || hemi1 != hemi2 {
			return "", "", false
		}
		marks := [2]string{}
		if hemi1 {
			marks = [2]string{"N", "E"}
		}
		form = fmt.Sprintf("%sd%d%s%sd%d%s%s", open, d1, marks[0], strings.ReplaceAll(sep, " ", "_"), d2, marks[1], shut)
		return fmt.Sprintf("%d,%d", lat, lon), form, true
	}
	return "", "", false
}

// readDegrees reads one coordinate: the whole degree below it and its decimals.
func readDegrees(s string, limit int, hemispheres string) (degree, decimals int, letter, ok bool) {
	south := false
	if n := len(s); n > 0 && strings.IndexByte(hemispheres, s[n-1]) >= 0 {
		south, letter, s = s[n-1] == hemispheres[1], true, s[:n-1]
	} else if rest, ok := strings.CutPrefix(s, "-"); ok {
		south, s = true, rest
	}
	whole, frac, _ := strings.Cut(s, ".")
	if len(whole) > 3 || !isDigits(whole) || len(whole) > 1 && whole[0] == '0' || !isDigits(frac) || len(frac) < minGeoDecimals || len(frac) > maxGeoDecimals {
		return 0, 0, false, false
	}
	degree = small(whole)
	onEdge := strings.Trim(frac, "0") == ""
	switch {
	case degree > limit || degree == limit && !onEdge:
		return 0, 0, false, false
	case degree == 0 && onEdge:
		return 0, len(frac), letter, true
	case !south:
		return min(degree, limit-1), len(frac), letter, true
	case onEdge:
		return -degree, len(frac), letter, true
	}
	return -degree - 1, len(frac), letter, true
}

func (geoGrammar) plain(string) string { return "d4,_d4" }

func (geoGrammar) likely(s string) bool {
	_, _, ok := geoGrammar{}.read(s)
	return ok
}

// someCells are where made-up places are: cells of big cities, public as these are.
var someCells = []string{"40,-75", "34,-119", "51,-1", "48,2", "52,13", "41,12", "40,-4", "55,37", "35,139", "19,72", "28,77", "31,121", "-34,151", "-24,-47", "19,-100", "30,31", "6,3", "1,103"}

func (geoGrammar) write(key, form string, r *Rand) string {
	if key == "" {
		key = pick(someCells, r)
	}
	north, east, _ := strings.Cut(key, ",")
	lat, err1 := strconv.Atoi(north)
	lon, err2 := strconv.Atoi(east)
	first, rest, ok1 := strings.Cut(form, "d")
	d1, rest := cutDecimals(rest)
	between, rest, ok2 := strings.Cut(rest, "d")
	d2, shut := cutDecimals(rest)
	if err1 != nil || err2 != nil || !ok1 || !ok2 || lat < -90 || lat >= 90 || lon < -180 || lon >= 180 {
		return ""
	}
	letters := strings.HasPrefix(between, "N")
	between, shut = strings.TrimPrefix(between, "N"), strings.TrimPrefix(shut, "E")
	b := append([]byte(first), degrees(lat, d1, letters, "NS", r)...)
	b = append(b, strings.ReplaceAll(between, "_", " ")...)
	b = append(b, degrees(lon, d2, letters, "EW", r)...)
	return string(append(b, shut...))
}

// cutDecimals reads a number of decimals, at most maxGeoDecimals.
func cutDecimals(s string) (n int, rest string) {
	rest = strings.TrimLeft(s, "0123456789")
	n, _ = strconv.Atoi(s[:len(s)-len(rest)]) // past int's range it is the largest int
	return min(n, maxGeoDecimals), rest
}

// degrees draws a coordinate within a degree.
func degrees(cell, decimals int, letter bool, hemispheres string, r *Rand) string {
	unit := pow10[decimals]
	x := int64(cell)*int64(unit) + int64(r.N(unit))
	sign, side := "", ""
	switch {
	case letter && x < 0:
		side = hemispheres[1:]
	case letter:
		side = hemispheres[:1]
	case x < 0:
		sign = "-"
	}
	m := magnitude(x)
	return fmt.Sprintf("%s%d.%0*d%s", sign, m/unit, decimals, m%unit, side)
}
