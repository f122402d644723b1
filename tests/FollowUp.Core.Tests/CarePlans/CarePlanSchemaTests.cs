using System.Text.Json;
using FollowUp.Core.CarePlans;

namespace FollowUp.Tests.CarePlans;

/// <summary>The JSON Schema that editors pick up says what the reader does, as far as a schema can.</summary>
public class CarePlanSchemaTests
{
    private const string FirstLine = "# yaml-language-server: $schema=../care-plan.schema.json";

    private static readonly string Source = Path.Combine(NpmJudge.RepositoryRoot, "src", "FollowUp.Core", "CarePlans");
    private static readonly string Mistakes = Path.Combine(NpmJudge.RepositoryRoot, "tests", "FollowUp.Core.Tests", "CarePlans", "Mistakes");
    private static readonly JsonElement Schema = JsonElement.Parse(File.ReadAllText(Path.Combine(Source, "care-plan.schema.json")));

    public static TheoryData<string> Catalogue => [.. Directory.EnumerateFiles(Path.Combine(Source, "Catalogue")).Select(file => Path.GetFileName(file)!).Order()];

    [Theory]
    [MemberData(nameof(Catalogue))]
    public void An_editor_finds_the_schema_of_a_plan(string file)
    {
        string path = Path.Combine(Source, "Catalogue", file);

        Assert.Equal(FirstLine, File.ReadLines(path).First());
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(path)!, FirstLine[(FirstLine.IndexOf('=', StringComparison.Ordinal) + 1)..])));
    }

    [Theory]
    [InlineData("properties", "plan")]
    [InlineData("$defs/series/properties", "series")]
    [InlineData("properties/fields/properties", "fields")]
    [InlineData("$defs/field/properties", "field")]
    [InlineData("$defs/step/properties", "step")]
    public void Schema_and_reader_know_the_same_keys(string path, string what)
    {
        IEnumerable<string> known = what switch
        {
            "plan" => PlanFormat.PlanKeys,
            "series" => PlanFormat.SeriesKeys,
            "fields" => PlanField.Names,
            "field" => PlanFormat.FieldKeys,
            _ => PlanFormat.StepKeys,
        };

        Assert.Equal(known.Order(), At(path).EnumerateObject().Select(key => key.Name).Order());
    }

    [Theory]
    [InlineData("$defs/grade/enum", "grade")]
    [InlineData("$defs/step/properties/kind/enum", "kind")]
    [InlineData("$defs/step/properties/anchor/enum", "anchor")]
    [InlineData("$defs/step/properties/sessions/enum", "sessions")]
    [InlineData("$defs/step/properties/until/enum", "until")]
    [InlineData("$defs/step/properties/onlyAfter/enum", "onlyAfter")]
    [InlineData("$defs/step/properties/asks/enum", "asks")]
    public void Schema_and_reader_know_the_same_words(string path, string what)
    {
        IEnumerable<string> known = what switch
        {
            "grade" => PlanFormat.Grades.Keys,
            "kind" => PlanFormat.Kinds.Keys,
            "anchor" => PlanFormat.Anchors.Keys,
            "sessions" => PlanFormat.Sessions.Keys,
            "until" => PlanFormat.Until.Keys,
            "asks" => PlanFormat.Asks.Keys,
            _ => PlanFormat.OnlyAfter.Keys,
        };

        Assert.Equal(known, At(path).EnumerateArray().Select(word => word.GetString()));
    }

    [Fact]
    public void Every_key_and_grade_is_described_where_an_author_meets_it()
    {
        string[] places = ["properties", "$defs/series/properties", "properties/fields/properties", "$defs/step/properties"];
        IEnumerable<JsonProperty> silent = places.SelectMany(place => At(place).EnumerateObject())
            .Where(key => !key.Value.TryGetProperty("description", out _))
            .Where(key => !key.Value.TryGetProperty("$ref", out JsonElement target) || !At(target.GetString()![2..]).TryGetProperty("description", out _));

        Assert.Empty(silent.Select(key => key.Name));
    }

    /// <summary>Ajv from npm is the judge, with a YAML reader that shares nothing with ours.</summary>
    [Fact]
    public async Task An_independent_validator_finds_the_catalogue_right_and_the_mistakes_wrong_that_a_schema_can_see()
    {
        // Only what YAML itself refuses never gets as far as a schema.
        string[] unreadable = ["not-yaml", "key-twice", "two-plans"];
        Dictionary<string, string> plans = Directory.EnumerateFiles(Path.Combine(Source, "Catalogue"))
            .Concat(Directory.EnumerateFiles(Mistakes, "*.yaml"))
            .Where(file => !unreadable.Contains(Path.GetFileNameWithoutExtension(file)))
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file)!, File.ReadAllText);

        Dictionary<string, string[]> verdicts = await JudgeAsync(plans);

        string[] refused = [.. verdicts.Where(verdict => verdict.Value.Length > 0).Select(verdict => verdict.Key).Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                "empty-offset", "empty-value", "field-in-words", "missing-keys", "missing-opt-out", "no-steps", "not-a-mapping", "spacing-in-two-units",
                "unknown-field", "unknown-key", "unknown-language", "weak-source-with-value", "wrong-anchor", "wrong-duration", "wrong-grade", "wrong-id",
                "wrong-kind", "wrong-offset", "wrong-sessions", "wrong-time", "wrong-until", "wrong-version", "wrong-yes-or-no",
            ],
            refused);
        Assert.Contains("/steps/2/offset must be null", verdicts["weak-source-with-value"]);
        Assert.All(refused, name => Assert.Contains(CarePlanValidator.Validate(plans[name], name), problem => !problem.IsWarning));
    }

    private static JsonElement At(string path) =>
        path.Split('/').Aggregate(Schema, (element, name) => element.GetProperty(name));

    private static Task<Dictionary<string, string[]>> JudgeAsync(Dictionary<string, string> plans) =>
        NpmJudge.AskAsync<Dictionary<string, string[]>>("FollowUp.Core.Tests/npm/schema", "ajv", new { schema = Schema, plans });
}
