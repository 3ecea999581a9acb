// Holds Alloy's configuration to Alloy's own parser and formatter, and runs what is Go in it: the
// expression for PostgreSQL's lines, the layout of their time, the template of the levels. Which
// components and arguments there are, only Alloy itself knows: `alloy validate FILE`.
package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/grafana/alloy/syntax/parser"
	"github.com/grafana/alloy/syntax/printer"
)

func TestAlloyConfiguration(t *testing.T) {
	for _, name := range []string{"config.alloy", "pipeline.alloy", "native/config.alloy"} {
		t.Run(name, func(t *testing.T) {
			source, err := os.ReadFile(filepath.Join(infrastructure, "alloy", name))
			if err != nil {
				t.Fatal(err)
			}
			file, err := parser.ParseFile(name, source)
			if err != nil {
				t.Fatal(err)
			}
			var formatted bytes.Buffer
			if err := printer.Fprint(&formatted, file); err != nil {
				t.Fatal(err)
			}
			if strings.TrimSpace(formatted.String()) != strings.TrimSpace(string(source)) {
				t.Errorf("not formatted; this is how:\n%s", formatted.String())
			}
		})
	}
}

// setting returns what the pattern's group finds in pipeline.alloy.
func setting(t *testing.T, pattern string) string {
	source, err := os.ReadFile(filepath.Join(infrastructure, "alloy/pipeline.alloy"))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(pattern).FindSubmatch(source)
	if found == nil {
		t.Fatalf("pipeline.alloy has no %s", pattern)
	}
	return string(found[1])
}

func TestPostgresLines(t *testing.T) {
	expression := regexp.MustCompile(setting(t, "expression = `(.*)`"))
	layout := setting(t, `format\s+= "(2006-01-02 .*)"`)
	first := regexp.MustCompile(setting(t, "firstline\\s+= `(.*)`"))
	for line, level := range map[string]string{
		"2026-01-31 23:59:59.123 UTC [42] LOG:  checkpoint starting: time":                    "LOG",
		"2026-01-31 23:59:59.123 UTC [42] mlp_user@mlp_db ERROR:  deadlock detected":          "ERROR",
		"2026-01-31 23:59:59.123 UTC [42] [unknown]@[unknown] DEBUG1:  ok\nand a second line": "DEBUG",
	} {
		found := expression.FindStringSubmatch(line)
		if found == nil || !first.MatchString(line) {
			t.Errorf("not understood: %s", line)
			continue
		}
		if got := found[expression.SubexpIndex("level")]; got != level {
			t.Errorf("%s has level %s, not %s", line, got, level)
		}
		at, err := time.Parse(layout, found[expression.SubexpIndex("ts")])
		if err != nil || at.UnixMilli() != 1769903999123 {
			t.Errorf("%s was at %s (%v)", line, at, err)
		}
	}
	if first.MatchString("\tWHERE id = 1") {
		t.Error("the second line of a statement is taken for a new entry")
	}
}

// The template that makes five levels of all that there are, from between its backquotes.
func levelTemplate(t *testing.T) *template.Template {
	var text strings.Builder
	parts := setting(t, `(?s)template = string.join\(\[(.*?)\], ""\)`)
	for _, part := range regexp.MustCompile("`(.*)`").FindAllStringSubmatch(parts, -1) {
		text.WriteString(part[1])
	}
	functions := template.FuncMap{"ToLower": strings.ToLower}
	return template.Must(template.New("level").Funcs(functions).Parse(text.String()))
}

func TestLevels(t *testing.T) {
	level := levelTemplate(t)
	for written, expected := range map[string]string{
		"debug": "debug", "trace": "debug", "DEBUG": "debug",
		"info": "info", "LOG": "info", "NOTICE": "info", "STATEMENT": "info",
		"warn": "warn", "WARNING": "warn",
		"error": "error", "ERR": "error", "FATAL": "error", "PANIC": "error", "critical": "error",
		"": "unknown", "verbose": "unknown",
	} {
		var result strings.Builder
		if err := level.Execute(&result, map[string]any{"Value": written}); err != nil {
			t.Fatal(err)
		}
		if result.String() != expected {
			t.Errorf("%q becomes %q, not %q", written, result.String(), expected)
		}
	}
	// A line in which no level was found has no value at all.
	var result strings.Builder
	if err := level.Execute(&result, map[string]any{}); err != nil || result.String() != "unknown" {
		t.Errorf("no level becomes %q (%v)", result.String(), err)
	}
}
