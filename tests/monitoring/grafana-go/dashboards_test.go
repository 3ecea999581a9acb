// Checks the dashboards against Grafana's own schema: known fields, with valid values.
package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

const infrastructure = "../../../infrastructure"

// Grafana uses defaults for missing fields, but the SDK reports them as errors.
const leftOut = "required field is missing from input"

// complaints returns the errors in the JSON of a dashboard.
func complaints(json []byte) []error {
	var parsed dashboard.Dashboard
	err := parsed.UnmarshalJSONStrict(json)
	if err == nil {
		err = parsed.Validate()
	}
	var found cog.BuildErrors
	if !errors.As(err, &found) {
		if err == nil {
			return nil
		}
		return []error{err}
	}
	var kept []error
	for _, each := range found {
		if each.Message != leftOut {
			kept = append(kept, each)
		}
	}
	return kept
}

func TestDashboards(t *testing.T) {
	plugins.RegisterDefaultPlugins()
	files, err := filepath.Glob(filepath.Join(infrastructure, "grafana/dashboards/*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no dashboards: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			json, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, complaint := range complaints(json) {
				t.Error(complaint)
			}
		})
	}
}

func TestMistakesAreFound(t *testing.T) {
	plugins.RegisterDefaultPlugins()
	for name, json := range map[string]string{
		"unknown field": `{"title": "A", "graphTooltp": 1}`,
		"wrong type":    `{"title": 1}`,
		"panel option": `{"panels": [{"type": "timeseries", "fieldConfig": {"defaults":
			{"custom": {"fillOpacty": 10}}, "overrides": []}}]}`,
	} {
		if len(complaints([]byte(json))) == 0 {
			t.Errorf("%s: not found", name)
		}
	}
}
