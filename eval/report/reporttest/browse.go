package reporttest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A look is a way in which a page is opened.
type look struct {
	name   string
	width  int // CSS pixels
	scheme string
}

var looks = []look{{"desktop", 1280, "light"}, {"desktop-dark", 1280, "dark"}, {"phone", 390, "light"}, {"phone-dark", 390, "dark"}}

// Browse opens a page in headless Chromium, wide and narrow, light and dark. It fails the test when the page asks for
// anything, when the browser reports anything, or when something is cut off at the right. Where no Chromium is found the test is
// skipped, unless PATINA_TEST_BROWSER=required. PATINA_TEST_SHOTS=DIR leaves pictures and a printed page there.
func Browse(t testing.TB, name string, page []byte) {
	t.Helper()
	b := start(t)
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, page, 0o600); err != nil {
		t.Fatal(err)
	}
	address := (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()
	for _, l := range looks {
		b.look(t, l, address, name)
	}
}

// overflow lists what reaches beyond the window, and does not lie in something that scrolls by itself.
const overflow = `(() => {
	const wide = document.documentElement.clientWidth, out = [];
	if (document.documentElement.scrollWidth > wide) out.push("the page is " + document.documentElement.scrollWidth + " wide");
	for (const e of document.querySelectorAll("body *")) {
		const box = e.getBoundingClientRect();
		if (box.right > wide + 1 && box.width > 0 && !e.closest(".scroll")) out.push(e.tagName + "." + e.getAttribute("class") + " ends at " + Math.round(box.right));
	}
	for (const e of document.querySelectorAll("p, dd, li, .amount")) if (e.scrollWidth > e.clientWidth + 1) out.push(e.tagName + " is cut off");
	if (getComputedStyle(document.querySelector("h1")).fontSize === "32px") out.push("the page has no style");
	return out.slice(0, 5);
})()`

func (b *browser) look(t testing.TB, l look, address, name string) {
	t.Helper()
	p := b.open(t)
	defer p.close(t)
	for _, domain := range []string{"Page", "Network", "Log", "Runtime"} {
		p.call(t, domain+".enable", nil, nil)
	}
	p.call(t, "Emulation.setDeviceMetricsOverride", map[string]any{"width": l.width, "height": 900, "deviceScaleFactor": 1, "mobile": l.width < 600}, nil)
	p.call(t, "Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]any{"name": "prefers-color-scheme", "value": l.scheme}}}, nil)
	p.call(t, "Page.navigate", map[string]any{"url": address}, nil)
	p.wait(t, "Page.loadEventFired")
	var measured struct{ Result struct{ Value []string } }
	p.call(t, "Runtime.evaluate", map[string]any{"expression": overflow, "returnByValue": true}, &measured)
	for _, what := range measured.Result.Value {
		t.Errorf("%s, %d pixels: %s", l.name, l.width, what)
	}
	for _, e := range p.events {
		if problem := e.problem(address); problem != "" {
			t.Errorf("%s: %s", l.name, problem)
		}
	}
	if dir := os.Getenv("PATINA_TEST_SHOTS"); dir != "" {
		p.shoot(t, l, filepath.Join(dir, name+"-"+l.name))
	}
}

// problem says what an event tells of a page at address that should be silent, "" if nothing.
func (e event) problem(address string) string {
	switch e.Method {
	case "Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown":
		return fmt.Sprintf("the browser reports %s", e.Params)
	case "Network.requestWillBeSent":
		var p struct{ Request struct{ URL string } }
		if err := json.Unmarshal(e.Params, &p); err != nil || p.Request.URL != address && !strings.HasPrefix(p.Request.URL, "data:,") {
			return fmt.Sprintf("the page asks for %s", p.Request.URL)
		}
	}
	return ""
}

// shoot leaves a picture of the page from top to bottom, and of a wide light one how it prints.
func (p *tab) shoot(t testing.TB, l look, path string) {
	t.Helper()
	var data struct{ Data []byte }
	p.call(t, "Page.captureScreenshot", map[string]any{"captureBeyondViewport": true}, &data)
	if err := os.WriteFile(path+".png", data.Data, 0o600); err != nil {
		t.Fatal(err)
	}
	if l.name != "desktop" {
		return
	}
	p.call(t, "Page.printToPDF", map[string]any{"printBackground": true, "preferCSSPageSize": true}, &data)
	if err := os.WriteFile(path+".pdf", data.Data, 0o600); err != nil {
		t.Fatal(err)
	}
}
