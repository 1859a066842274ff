// Package reporttest checks pages of package report in the tests of those who make them.
//
//  1. [Check] reads a page's text: it is well-formed, holds no script, names no other place, and its policy fits its style.
//  2. [Browse] opens it in a browser, wide and narrow, light and dark: nothing is requested, reported or cut off.
package reporttest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Check fails the test for everything that a page of package report must not be.
func Check(t testing.TB, page []byte) {
	t.Helper()
	for _, problem := range Problems(page) {
		t.Error(problem)
	}
}

// Problems returns what is wrong with a page, in words.
func Problems(page []byte) []string {
	var found []string
	body, ok := bytes.CutPrefix(page, []byte("<!DOCTYPE html>\n"))
	if !ok {
		found = append(found, "the page does not start with its document type")
	}
	c := checker{ids: map[string]bool{}}
	if err := c.read(xml.NewDecoder(bytes.NewReader(body))); err != nil {
		found = append(found, fmt.Sprintf("the page is not well-formed: %v", err))
	}
	found = append(found, c.found...)
	for _, link := range c.links {
		if !c.ids[link] {
			found = append(found, fmt.Sprintf("a link leads to #%s, which is nowhere", link))
		}
	}
	sum := sha256.Sum256([]byte(c.style))
	if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(c.policy, want) {
		found = append(found, "the policy does not allow the page's own style")
	}
	if !strings.HasPrefix(c.policy, "default-src 'none';") {
		found = append(found, "the policy does not start by forbidding everything")
	}
	return found
}

// A checker has seen a part of a page.
type checker struct {
	found         []string
	ids           map[string]bool
	links         []string
	style, policy string
}

// elements are those that a page is made of: nothing that runs, loads or submits.
var elements = strings.Fields(`html head meta link title style body div p span nav ul li a main header footer section h1 h2 h3
	dl dt dd table caption thead tbody tr th td pre code details summary figure figcaption svg line rect circle polyline text`)

// elsewhere finds addresses of other places, in style or in attributes.
var elsewhere = regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*://|^//|javascript:|url\(|@import|expression\(`)

func (c *checker) read(d *xml.Decoder) error {
	inside := ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch x := token.(type) {
		case xml.StartElement:
			inside = x.Name.Local
			c.element(x)
		case xml.EndElement:
			inside = ""
		case xml.CharData:
			if inside == "style" {
				c.style += string(x)
			}
		}
	}
}

func (c *checker) element(e xml.StartElement) {
	name := e.Name.Local
	if !slices.Contains(elements, name) {
		c.found = append(c.found, fmt.Sprintf("the page has an element <%s>", name))
	}
	attrs := map[string]string{}
	for _, a := range e.Attr {
		attrs[a.Name.Local] = a.Value
		switch key := strings.ToLower(a.Name.Local); {
		case strings.HasPrefix(key, "on"), key == "style", key == "src", key == "srcset":
			c.found = append(c.found, fmt.Sprintf("<%s> has the attribute %s", name, key))
		case key == "id":
			c.found = append(c.found, c.id(a.Value)...)
		case key == "href" && strings.HasPrefix(a.Value, "#"):
			c.links = append(c.links, a.Value[1:])
		case key == "href" && a.Value != "data:,":
			c.found = append(c.found, fmt.Sprintf("<%s> leads to another place", name))
		case key != "aria-label" && elsewhere.MatchString(a.Value):
			c.found = append(c.found, fmt.Sprintf("<%s %s> names another place", name, key))
		}
	}
	if attrs["http-equiv"] == "Content-Security-Policy" {
		c.policy = attrs["content"]
	}
	if attrs["role"] == "img" && attrs["aria-label"] == "" {
		c.found = append(c.found, fmt.Sprintf("a picture (<%s>) is not described", name))
	}
}

func (c *checker) id(id string) []string {
	if c.ids[id] {
		return []string{fmt.Sprintf("two elements have the id %q", id)}
	}
	c.ids[id] = true
	return nil
}
