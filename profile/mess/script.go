package mess

import "unicode"

// A script is a writing system other than plain ASCII letters. In a mask its mark, a letter of its own, stands in front
// of the runs written in it: letters never stand for themselves there, so a mark cannot be mistaken.
type script struct {
	mark    rune
	tables  []*unicode.RangeTable
	letters []rune // what is written for it: lower-case, each with an upper case of its own or with none
}

// The scripts that are told apart: nil for ASCII letters, the first for accented Latin, the last, which
// has case, for all others.
var scripts = []*script{
	latin,
	{'я', []*unicode.RangeTable{unicode.Cyrillic}, []rune("абвгдежзиклмнопрстуфхцчшыэюяаеиоаеио")},
	{'λ', []*unicode.RangeTable{unicode.Greek}, []rune("αβγδεζηθικλμνοπρστυφχψωαειοαειο")},
	{'漢', []*unicode.RangeTable{unicode.Han}, []rune("大小中国人山川田木水火金土日月年本上下北南東西高新明文心海花")},
	{'あ', []*unicode.RangeTable{unicode.Hiragana, unicode.Katakana}, []rune("あいうえおかきくけこさしすせそたちつてとなにのはまみもやよらりるわ")},
	{'한', []*unicode.RangeTable{unicode.Hangul}, []rune("가나다라마바사아자차카타파하고노도로모보소오조기니리미시이지한국")},
	{'ع', []*unicode.RangeTable{unicode.Arabic}, []rune("ابتثجحخدذرزسشصضطعغفقكلمنهويااليم")},
	{'א', []*unicode.RangeTable{unicode.Hebrew}, []rune("אבגדהוזחטיכלמנסעפצקרשתאהוי")},
	{'ก', []*unicode.RangeTable{unicode.Thai}, []rune("กขคงจชดตถทนบปผพมยรลวสหอ")},
	{'अ', []*unicode.RangeTable{unicode.Devanagari}, []rune("अआइईउकखगघचजटडणतदनपबमयरलवशसह")},
	{'ա', []*unicode.RangeTable{unicode.Armenian}, []rune("աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցփքօֆ")},
}

var latin = &script{'é', []*unicode.RangeTable{unicode.Latin}, []rune("àáâãäåçèéêëìíîïñòóôõöøùúûü")}

// scriptOf returns the script of a letter. A combining mark of no script belongs to the Latin letter before it: in
// other scripts that letter is the first of its run not to be ASCII. Letters of all scripts, as in µg, count as Latin.
func scriptOf(c rune) *script {
	switch {
	case c < 0x80:
		return nil
	case unicode.In(c, unicode.Inherited, unicode.Common):
		return latin
	}
	for _, s := range scripts {
		if unicode.In(c, s.tables...) {
			return s
		}
	}
	return scripts[len(scripts)-1]
}

// markedScript returns the script whose mark the rune is, or nil.
func markedScript(mark rune) *script {
	for _, s := range scripts {
		if s.mark == mark {
			return s
		}
	}
	return nil
}

// inCase returns the script that stands for letters of the class of case: accented Latin for one with capitals, when
// they are of another script than the first, which has none.
func (s *script) inCase(class string) *script {
	if s != nil && class != "a" && class != "9" && unicode.ToUpper(s.mark) == s.mark {
		return latin
	}
	return s
}

// String returns the script's mark, and nothing for ASCII.
func (s *script) String() string {
	if s == nil {
		return ""
	}
	return string(s.mark)
}
