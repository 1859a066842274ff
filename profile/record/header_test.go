package record

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestHeaderThatIsARecord: names are published, so a first line that looks like a record is refused unless declared.
func TestHeaderThatIsARecord(t *testing.T) {
	for header, refused := range map[string]bool{
		"id,name,age":                   false,
		"country,2019,2020,2021":        false, // years are names
		"metric,1":                      false, // one number may be a name
		"39,State-gov,77516,Bachelors":  true,
		"7,2021-03-04,x":                true,
		"a@example.org,b@example.org,c": true,
		"0.25,0.5":                      true,
		"id,\"na\nme\"":                 true,
		"id,\"name\n1,Alice\n2,Bob":     true, // a quote that never closes swallows the records
	} {
		path := filepath.Join(t.TempDir(), "t.csv")
		if err := os.WriteFile(path, []byte(header+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open([]string{path}, Options{})
		if (err != nil) != refused {
			t.Errorf("%q: got %v, want refused = %t", header, err, refused)
		}
		if err != nil && (strings.Contains(err.Error(), "Alice") || strings.Contains(err.Error(), "77516")) {
			t.Errorf("%q: the error quotes a cell", header)
		}
		_, err = Open([]string{path}, Options{Dialect: Dialect{Header: true}})
		if breaks := strings.Contains(header, "\""); (err != nil) != breaks {
			t.Errorf("%q declared as a header: got %v", header, err)
		}
	}
}
