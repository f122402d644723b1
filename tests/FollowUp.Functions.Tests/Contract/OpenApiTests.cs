using System.Net;
using System.Text.Json.Nodes;
using FollowUp.Functions.OpenApi;
using FollowUp.Functions.Security;
using FollowUp.Tests;

namespace FollowUp.Functions.Tests.Contract;

/// <summary>The API's description says all of what is served and nothing else. That answers are as it says, <see cref="ContractHandler"/> sees in every test.</summary>
public sealed class OpenApiTests : IAsyncLifetime
{
    private AppUnderTest _app = null!;
    private ApiContract _contract = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppUnderTest.StartAsync(withClinic: false);
        _contract = new ApiContract(await _app.Client.GetStringAsync("/api/openapi.json"));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public void Every_function_is_described_and_every_description_is_of_a_function()
    {
        var functions = ApiFunction.All.Select(function => function.Name).Distinct().Order(StringComparer.Ordinal).ToList();
        var described = ApiDescriptions.All.SelectMany(descriptions => descriptions.Functions).Select(function => function.Function).Order(StringComparer.Ordinal).ToList();

        Assert.True(
            functions.SequenceEqual(described),
            $"Without a description: {string.Join(", ", functions.Except(described))}. Without a function, or twice: "
            + $"{string.Join(", ", described.Except(functions).Concat(described.GroupBy(name => name).Where(same => same.Count() > 1).Select(same => same.Key)))}.");
    }

    [Fact]
    public void Every_route_and_verb_is_in_the_document()
    {
        var served = HttpFunctions.All
            .Where(function => function.Route.StartsWith("api/", StringComparison.Ordinal))
            .Select(function => $"{function.Method} /{System.Text.RegularExpressions.Regex.Replace(function.Route, @"\{(\w+)[^}]*\}", "{$1}")}");

        Assert.Equal(served.Order(StringComparer.Ordinal), _contract.Operations.Select(operation => $"{operation.Method} {operation.Path}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_document_says_which_routes_need_what()
    {
        foreach (var (path, method, operation) in _contract.Operations)
        {
            var name = HttpFunctions.All.Single(function => function.Name.Equals((string)operation["operationId"]!, StringComparison.OrdinalIgnoreCase) && function.Method == method).Name;
            var schemes = operation["security"]!.AsArray().SelectMany(requirement => requirement!.AsObject()).Select(scheme => scheme.Key);
            Assert.True(
                schemes.SequenceEqual(Access.Open.Contains(name) ? [] : Access.Signed.Contains(name) ? ["TwilioSignature"] : ["ApiKey"]), $"{method} {path}");
        }
    }

    [Fact]
    public void Every_example_is_as_its_schema_says()
    {
        foreach (var (path, method, operation) in _contract.Operations)
        {
            var contents = operation["responses"]!.AsObject().Select(response => (Where: response.Key, Response: _contract.Schemas.Resolve(response.Value!)))
                .Append((Where: "request", Response: operation["requestBody"] ?? new JsonObject()));
            foreach (var (where, response) in contents)
            {
                foreach (var (type, media) in response["content"]?.AsObject() ?? [])
                {
                    if (media!.AsObject().ContainsKey("example"))
                    {
                        var differences = _contract.Schemas.Check(media["schema"]!, media["example"]);
                        Assert.True(differences.Count == 0, $"{method} {path} {where} {type}: {string.Join("; ", differences)}");
                    }
                }
            }

            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            {
                if (parameter!["example"] is { } example)
                {
                    Assert.Empty(_contract.Schemas.Check(parameter["schema"]!, example));
                }
            }
        }
    }

    [Fact]
    public async Task The_document_needs_a_key_like_every_route_and_any_key_will_do()
    {
        using var nobody = _app.NewClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/api/openapi.json")).StatusCode);

        (await _app.PutAsync(AppUnderTest.ClinicPath, AppUnderTest.ClinicBody())).EnsureSuccessStatusCode();
        using var clinic = _app.NewClient(await _app.NewKeyAsync("""{ "name": "Report", "clinic": "glow", "readOnly": true }"""));
        Assert.Equal(HttpStatusCode.OK, (await clinic.GetAsync("/api/openapi.json")).StatusCode);
    }

    [Fact]
    public async Task The_address_in_the_document_is_the_public_one()
    {
        await using var app = await AppUnderTest.StartAsync(withClinic: false, "--FollowUp:PublicUrl", "https://texts.clinic.example/follow-up");
        var document = JsonNode.Parse(await app.Client.GetStringAsync("/api/openapi.json"))!;
        Assert.Equal("https://texts.clinic.example/follow-up", (string)document["servers"]![0]!["url"]!);
    }

    /// <summary>An OpenAPI linter from npm; <c>redocly.yaml</c> beside it says which rules hold and why one does not.</summary>
    [Fact]
    public async Task A_linter_of_others_finds_nothing_wrong_with_the_document()
    {
        const string Folder = "FollowUp.Functions.Tests/npm/openapi";
        await NpmJudge.InstallAsync(Folder, "@redocly/cli");
        using var directory = new Testing.TemporaryDirectory();
        await File.WriteAllTextAsync(directory.File("openapi.json"), _contract.Document.ToJsonString());
        var start = NpmJudge.Start(Folder, "node", "node_modules/@redocly/cli/bin/cli.js", "lint", directory.File("openapi.json"), "--config", "redocly.yaml", "--format", "json");
        start.Environment["REDOCLY_TELEMETRY"] = "off";
        start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
        using var judge = System.Diagnostics.Process.Start(start)!;
        judge.StandardInput.Close();
        var output = judge.StandardOutput.ReadToEndAsync();
        var errors = judge.StandardError.ReadToEndAsync();
        await judge.WaitForExitAsync().WaitAsync(NpmJudge.Patience);

        Assert.True(judge.ExitCode == 0, $"{await output} {await errors}");
        var verdict = JsonNode.Parse(await output)!;
        var problems = verdict["problems"]!.AsArray().Select(problem => $"{problem!["severity"]} {problem["ruleId"]}: {problem["message"]} at {problem["location"]?[0]?["pointer"]}");
        Assert.Empty(problems);
    }
}
