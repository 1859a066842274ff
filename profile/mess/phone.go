package mess

import (
	"strings"
)

// phoneGrammar reads phone numbers. The generalisation is the calling code, "+44", also of North American numbers that are
// written without; toll-free ones are told apart, "+1 toll-free". The form is the layout of the groups, with `c` for the calling
// code, and with what is written before and after: `(999)_999-9999`, `+c_99_9999_9999`, `999-999-9999_x999`.
type phoneGrammar struct{}

// callingCodes are those of the larger countries with the digits that follow, fewest and most (ITU E.164 and E.129).
var callingCodes = map[string][2]int{
	"1": {10, 10}, "7": {10, 10}, "20": {8, 10}, "27": {9, 9}, "30": {10, 10}, "31": {9, 9}, "32": {8, 9}, "33": {9, 9}, "34": {9, 9}, "36": {8, 9}, "39": {8, 11},
	"40": {9, 9}, "41": {9, 9}, "43": {7, 12}, "44": {9, 10}, "45": {8, 8}, "46": {7, 10}, "47": {8, 8}, "48": {9, 9}, "49": {6, 11}, "51": {8, 9}, "52": {10, 11},
	"53": {8, 8}, "54": {10, 11}, "55": {10, 11}, "56": {9, 9}, "57": {8, 10}, "58": {10, 10}, "60": {8, 10}, "61": {9, 9}, "62": {8, 12}, "63": {8, 10},
	"64": {8, 10}, "65": {8, 8}, "66": {8, 9}, "81": {9, 10}, "82": {8, 10}, "84": {9, 10}, "86": {10, 11}, "90": {10, 10}, "91": {10, 10}, "92": {9, 10},
	"93": {9, 9}, "94": {9, 9}, "95": {8, 10}, "98": {10, 10}, "212": {9, 9}, "213": {8, 9}, "216": {8, 8}, "233": {9, 9}, "234": {8, 10}, "251": {9, 9},
	"254": {9, 9}, "255": {9, 9}, "256": {9, 9}, "351": {9, 9}, "352": {6, 9}, "353": {7, 9}, "354": {7, 7}, "355": {8, 9}, "356": {8, 8}, "357": {8, 8},
	"358": {6, 10}, "359": {8, 9}, "370": {8, 8}, "371": {8, 8}, "372": {7, 8}, "375": {9, 9}, "380": {9, 9}, "381": {8, 9}, "385": {8, 9}, "386": {8, 8},
	"420": {9, 9}, "421": {9, 9}, "852": {8, 8}, "880": {8, 10}, "886": {8, 9}, "961": {7, 8}, "962": {8, 9}, "965": {8, 8}, "966": {9, 9}, "971": {8, 9}, "972": {8, 9}, "974": {8, 8},
}

// someCodes are those of made-up numbers.
var someCodes = []string{"1", "1", "1", "44", "49", "33", "34", "39", "31", "91", "86", "81", "55", "61"}

const (
	northAmerica = "+1"
	tollFree     = "+1 toll-free"
	maxPhone     = 15 // digits, E.164
)

// phonePrefixes are what stands before numbers, and as what in the form.
var phonePrefixes = []string{"tel:", "Tel. ", "Tel: ", "Tel ", "T: ", "Phone: ", "Ph: ", "Mobile: ", "Fax: "}

// phoneExtensions are what stands before extensions.
var phoneExtensions = []string{" ext. ", " ext.", " ext ", " x ", " x", "x", "ext", " #", ", ext. "}

func (phoneGrammar) read(s string) (key, form string, ok bool) {
	if len(s) < minPhone || len(s) > 48 {
		return "", "", false
	}
	prefix := ""
	for _, p := range phonePrefixes {
		if rest, found := strings.CutPrefix(s, p); found && prefix == "" {
			prefix, s = strings.ReplaceAll(p, " ", "_"), rest
		}
	}
	if s == "" || !isDigit(s[0]) && s[0] != '+' && s[0] != '(' || !isDigit(s[len(s)-1]) {
		return "", "", false
	}
	s, extension, ok := cutExtension(s)
	if !ok {
		return "", "", false
	}
	if key, form, ok = readInternational(s); !ok {
		if key, form, ok = readNational(s); !ok {
			return "", "", false
		}
	}
	return key, prefix + form + extension, true
}

// maxExtension bounds an extension, in digits.
const maxExtension = 5

// cutExtension cuts an extension of one to five digits off; its form stands for it.
func cutExtension(s string) (number, form string, ok bool) {
	for _, mark := range phoneExtensions {
		number, ext, found := strings.Cut(s, mark)
		if found {
			ok := isDigits(ext) && len(ext) <= maxExtension && len(number) >= minPhone && isDigit(number[len(number)-1])
			return number, strings.ReplaceAll(mark, " ", "_") + strings.Repeat("9", min(len(ext), maxExtension)), ok
		}
	}
	return s, "", true
}

// readInternational reads a number with its calling code.
func readInternational(s string) (key, form string, ok bool) {
	mark := "+"
	rest, ok := strings.CutPrefix(s, "+")
	if !ok {
		if rest, ok = strings.CutPrefix(s, "00"); !ok {
			return "", "", false
		}
		mark = "00"
	}
	for n := min(3, len(rest)); n > 0; n-- {
		lengths, known := callingCodes[rest[:n]]
		if !known {
			continue
		}
		trunk := ""
		body := rest[n:]
		for _, t := range []string{" (0) ", " (0)", "(0) ", "(0)"} {
			if after, found := strings.CutPrefix(body, t); found && rest[0] != '1' {
				trunk, body = strings.ReplaceAll(t, " ", "_"), after
				break
			}
		}
		mask, digits, ok := digitLayout(body, maxPhone)
		if !ok || len(digits) < lengths[0] || len(digits) > lengths[1] || digits[0] == '0' && rest[:n] != keepsZero {
			return "", "", false
		}
		return keyOfNumber("+"+rest[:n], digits), mark + "c" + trunk + mask, true
	}
	return "", "", false
}

// keyOfNumber generalises a number to its calling code.
func keyOfNumber(code, digits string) string {
	if code != northAmerica {
		return code
	}
	switch {
	case !isNorthAmerican(digits):
		return ""
	case isTollFree(digits):
		return tollFree
	}
	return northAmerica
}

// isNorthAmerican reports whether ten digits are a number of the North American Numbering Plan.
func isNorthAmerican(d string) bool {
	return len(d) == 10 && d[0] >= '2' && d[3] >= '2' && d[1] != '9' && d[1:3] != "11" && d[4:6] != "11"
}

// isTollFree reports whether the area code is 800, 833, 844, 855, 866, 877 or 888.
func isTollFree(d string) bool {
	return d[0] == '8' && d[1] == d[2] && d[1] != '1' && d[1] != '2' && d[1] != '9'
}

// readNational reads a number without calling code; of North American ones it is known all the same.
func readNational(s string) (key, form string, ok bool) {
	mask, digits, ok := digitLayout(s, maxPhone)
	if !ok || len(digits) < minPhone || strings.Contains(s, "  ") || strings.Count(s, "(") > 1 || !isGrouped(s) {
		return "", "", false
	}
	local, long := strings.CutPrefix(digits, "1")
	switch {
	case len(digits) == 10 && isNorthAmerican(digits):
		return keyOfNumber(northAmerica, digits), mask, true
	case long && isNorthAmerican(local) && !isDigits(s):
		return keyOfNumber(northAmerica, local), mask, true
	}
	return "", mask, true
}

// maxGroups bounds the groups of a number.
const maxGroups = 7

// isGrouped reports whether digits are grouped as those of a phone number are: they are no date, and no number with
// decimals.
func isGrouped(s string) bool {
	groups, _, _ := cluster(s, 0)
	return len(groups) <= maxGroups && (len(groups) < 3 || !isDate(groups[:3])) && !isAmount(groups)
}

func (phoneGrammar) plain(key string) string {
	switch {
	case key == "":
		return "999-999-9999"
	case strings.HasPrefix(key, northAmerica) && (key == northAmerica || key == tollFree):
		return "+c_999_999_9999"
	}
	lengths := callingCodes[strings.TrimPrefix(key, "+")]
	return "+c_" + strings.Repeat("9", lengths[1])
}

// likely is true of numbers with a calling code, of those grouped as in North America, and of those that start with a
// trunk's zero and are grouped.
func (phoneGrammar) likely(s string) bool {
	key, form, ok := phoneGrammar{}.read(s)
	switch {
	case !ok || isDigits(s):
		return false
	case strings.HasPrefix(s, "+"):
		return key != "" || s[1] == '1'
	case strings.HasPrefix(s, "00"):
		return key != "" && len(s) > 11
	case strings.HasPrefix(strings.TrimPrefix(s, "("), "0"):
		_, digits, ok := digitLayout(s, maxPhone)
		return ok && len(digits) >= 9 && len(digits) <= 12
	}
	return isNorthAmericanGrouped(form)
}

// isNorthAmericanGrouped reports whether a form has groups of three, three and four digits.
func isNorthAmericanGrouped(form string) bool {
	groups := strings.FieldsFunc(form, func(c rune) bool { return c != '9' })
	if len(groups) > 3 && len(groups[0]) == 1 {
		groups = groups[1:]
	}
	return len(groups) >= 3 && len(groups[0]) == 3 && len(groups[1]) == 3 && len(groups[2]) == 4
}

func (phoneGrammar) write(key, form string, r *Rand) string {
	prefix := ""
	for _, p := range phonePrefixes {
		if rest, ok := strings.CutPrefix(form, strings.ReplaceAll(p, " ", "_")); ok && prefix == "" {
			prefix, form = p, rest
		}
	}
	number, extension := cutExtensionForm(form, r)
	intro, mask, international := strings.Cut(number, "c")
	if !international {
		return prefix + fillLayout(number, nationalDigits(key, number, r)) + extension
	}
	trunk := ""
	for _, t := range []string{"_(0)_", "_(0)", "(0)_", "(0)"} {
		if rest, ok := strings.CutPrefix(mask, t); ok {
			trunk, mask = strings.ReplaceAll(t, "_", " "), rest
			break
		}
	}
	code := strings.TrimPrefix(strings.TrimSuffix(key, " toll-free"), "+")
	n, zero := layoutDigits(mask), startsWithZero(mask)
	switch {
	case key == "" && zero:
		code = keepsZero
	case key == "":
		code = someCode(n, trunk != "", r)
	}
	return prefix + intro + code + trunk + fillLayout(mask, subscriber(key, code, n, zero, r)) + extension
}

// keepsZero is Italy's calling code: its numbers start with a zero after it.
const keepsZero = "39"

// cutExtensionForm splits the form of an extension off, and draws one.
func cutExtensionForm(form string, r *Rand) (number, extension string) {
	for _, mark := range phoneExtensions {
		if body, nines, ok := strings.Cut(form, strings.ReplaceAll(mark, " ", "_")+"9"); ok {
			return body, mark + randomDigits(min(1+len(nines), maxExtension), r)
		}
	}
	return form, ""
}

// someCode draws a calling code with numbers of n digits, and maybe a trunk's zero, if it finds one.
func someCode(n int, trunk bool, r *Rand) string {
	code := pick(someCodes, r)
	for range maxDraws {
		if l := callingCodes[code]; l[0] <= n && n <= l[1] && (!trunk || code != "1") {
			break
		}
		code = pick(someCodes, r)
	}
	return code
}

// nationalDigits draws the digits of a number without calling code.
func nationalDigits(key, mask string, r *Rand) string {
	n := layoutDigits(mask)
	zero := startsWithZero(mask)
	switch {
	case key != "" || n == 10 && !zero:
		if n == 11 {
			return "1" + subscriber(key, "1", 10, false, r)
		}
		return subscriber(key, "1", n, false, r)
	case zero:
		return "0" + randomDigits(max(0, min(n, maxPhone)-1), r)
	}
	return subscriber(key, "", n, false, r)
}

// subscriber draws n digits after a calling code. Those of North America are of its plan; with the exchange 555, whose numbers
// from 0100 to 0199 are nobody's, where the area code is no toll-free one.
func subscriber(key, code string, n int, zero bool, r *Rand) string {
	n = min(n, maxPhone)
	if n < 1 {
		return ""
	}
	if code == "1" && n == 10 {
		if key == tollFree {
			return "8" + pick([]string{"00", "33", "44", "55", "66", "77", "88"}, r) + "555" + "01" + randomDigits(2, r)
		}
		return pick(areaCodes, r) + "555" + "01" + randomDigits(2, r)
	}
	if zero {
		return "0" + randomDigits(n-1, r)
	}
	return string(rune('1'+r.Int(9))) + randomDigits(n-1, r)
}

// areaCodes are some of North America's.
var areaCodes = strings.Fields(`201 202 205 206 212 213 214 215 216 217 219 224 225 228 229 240 248 251 252 253 256 262 267 270 281 301 302 303 304 305 307
	308 309 310 312 313 314 315 316 317 318 319 321 323 330 334 336 337 339 347 352 360 361 386 401 402 404 405 406 407 408 409 410 412 413 414 415 416 417 418
	419 423 425 430 432 434 435 440 443 450 469 470 478 479 480 484 501 502 503 504 505 507 508 509 510 512 513 514 515 516 517 518 520 530 540 541 559
	561 562 563 570 571 573 574 580 585 586 601 602 603 604 605 606 607 608 609 610 612 613 614 615 616 617 618 619 623 626 630 631 636 641 646 650 651 660 661 662 678
	682 701 702 703 704 706 707 708 712 713 714 715 716 717 718 719 720 724 727 731 732 734 740 757 760 763 765 770 772 773 774 775 781 785 786 801 802 803 804 805
	806 808 810 812 813 814 815 816 817 818 828 830 831 832 843 845 847 848 850 856 857 858 859 860 862 863 864 865 870 878 901 903 904 905 906 907
	908 909 910 912 913 914 915 916 917 918 919 920 925 928 931 936 937 940 941 949 951 952 954 956 970 971 972 973 978 979 980 985 989`)
