package eval

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// TestDocumented: every field of the JSON is in JSON.md.
func TestDocumented(t *testing.T) {
	text, err := os.ReadFile("JSON.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[reflect.Type]bool{}
	var look func(typ reflect.Type)
	look = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice:
			look(typ.Elem())
		case reflect.Struct:
			if seen[typ] {
				return
			}
			seen[typ] = true
			for i := range typ.NumField() {
				f := typ.Field(i)
				if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && !strings.Contains(string(text), "`"+name+"`") {
					t.Errorf("JSON.md does not have `%s` of %s", name, typ.Name())
				}
				look(f.Type)
			}
		}
	}
	look(reflect.TypeFor[Gap]())
	look(reflect.TypeFor[Timeline]())
	if len(seen) < 10 {
		t.Errorf("only %d types were looked at", len(seen))
	}
}
