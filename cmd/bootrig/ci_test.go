package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

var (
	yamlBlock  = regexp.MustCompile("(?s)\n```yaml\n(.*?)```\n")
	ciVariable = regexp.MustCompile(`\$\{\{[^}]*\}\}|"?\$[A-Z_]+"?`)
)

// The recipes of ci.md are YAML, and what they run of ours are commands.
func TestTheRecipesForCIServersAreRight(t *testing.T) {
	text, err := os.ReadFile("../../ci.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := commandsOf(string(text))
	blocks := yamlBlock.FindAllStringSubmatch(string(text), -1)
	for _, block := range blocks {
		var recipe any
		if err := yaml.UnmarshalWithOptions([]byte(block[1]), &recipe, yaml.Strict()); err != nil {
			t.Error(err)
		}
		commands = append(commands, recipeLines(recipe)...)
	}
	if len(blocks) != 3 || len(commands) != 4 {
		t.Errorf("%d recipes with %d commands: %q", len(blocks), len(commands), commands)
	}
	for _, line := range commands {
		if err := parses(ciVariable.ReplaceAllString(line, "1")); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// recipeLines are the commands of ours in a recipe.
func recipeLines(recipe any) (lines []string) {
	switch v := recipe.(type) {
	case string:
		if at := strings.Index(v, "bootrig test"); at >= 0 {
			lines = append(lines, v[at:])
		}
	case []any:
		for _, part := range v {
			lines = append(lines, recipeLines(part)...)
		}
	case map[string]any:
		for _, part := range v {
			lines = append(lines, recipeLines(part)...)
		}
	}
	return lines
}
