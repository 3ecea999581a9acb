// Holds Alloy's configuration to Alloy's own parser and formatter, and runs the one template in it.
// Which components and arguments there are, only Alloy itself knows: `alloy validate FILE`.
package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"text/template"

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

// The template that makes five levels of all that there are, from between its backquotes.
func levelTemplate(t *testing.T) *template.Template {
	source, err := os.ReadFile(filepath.Join(infrastructure, "alloy/pipeline.alloy"))
	if err != nil {
		t.Fatal(err)
	}
	joined := regexp.MustCompile("(?s)template = string.join\\(\\[(.*?)\\], \"\"\\)").FindSubmatch(source)
	if joined == nil {
		t.Fatal("pipeline.alloy has no template")
	}
	var text strings.Builder
	for _, part := range regexp.MustCompile("`(.*)`").FindAllSubmatch(joined[1], -1) {
		text.Write(part[1])
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
