using System.Text.Json.Nodes;

namespace FollowUp.Infra.Tests;

/// <summary>small, medium and large.</summary>
public sealed class SizeTests
{
    private static readonly JsonObject s_sizes = JsonNode.Parse(Repository.Read("infra", "sizes.json"))!.AsObject();
    private static readonly JsonNode s_host = JsonNode.Parse(Repository.Read("host.json"))!;

    public static TheoryData<string> Sizes { get; } = ["small", "medium", "large"];

    [Fact]
    public void There_are_three_and_each_says_everything()
    {
        Assert.Equal(["small", "medium", "large"], s_sizes.Select(size => size.Key));
        var keys = s_sizes["small"]!.AsObject().Select(setting => setting.Key).ToList();
        Assert.All(s_sizes, size => Assert.Equal(keys, size.Value!.AsObject().Select(setting => setting.Key)));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void All_instances_together_find_room_at_the_database(string size) => Assert.True(
        Number(size, "maximumInstanceCount") * Number(size, "connectionsPerInstance") <= Number(size, "databaseUserConnections"));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void No_activity_waits_for_a_connection_that_another_holds(string size) =>
        Assert.True(s_host.At("extensions.durableTask.maxConcurrentActivityFunctions")!.GetValue<int>() <= Number(size, "connectionsPerInstance"));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Twilio_never_waits_for_a_cold_start(string size) => Assert.True(Number(size, "alwaysReadyHttp") >= 1);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void What_is_deployed_is_what_the_size_says(string size)
    {
        var resources = Bicep.Predict(size);

        var database = resources.Only("Microsoft.DBforPostgreSQL/flexibleServers");
        Assert.Equal(Text(size, "databaseSku"), database.Text("sku.name"));
        Assert.Equal(Text(size, "databaseHighAvailability"), database.Text("properties.highAvailability.mode"));
        Assert.Equal(Text(size, "databaseBackupDays"), database.Text("properties.backup.backupRetentionDays"));
        Assert.Equal(Text(size, "schedulerSku"), resources.Only("Microsoft.DurableTask/schedulers").Text("properties.sku.name"));
        Assert.Equal(Text(size, "storageSku"), resources.Only("Microsoft.Storage/storageAccounts").Text("sku.name"));
        var scale = resources.Only("Microsoft.Web/sites").At("properties.functionAppConfig.scaleAndConcurrency");
        Assert.Equal(Text(size, "instanceMemoryMB"), scale.Text("instanceMemoryMB"));
        Assert.Equal(Text(size, "maximumInstanceCount"), scale.Text("maximumInstanceCount"));
    }

    [Fact]
    public void The_large_one_survives_the_loss_of_a_zone()
    {
        var resources = Bicep.Predict("large");

        Assert.Equal("ZoneRedundant", resources.Only("Microsoft.DBforPostgreSQL/flexibleServers").Text("properties.highAvailability.mode"));
        Assert.Equal("true", resources.Only("Microsoft.Web/serverfarms").Text("properties.zoneRedundant"));
        Assert.Equal("3", resources.Only("Microsoft.DurableTask/schedulers").Text("properties.sku.capacity")); // fewer are not redundant
        Assert.All(resources.Only("Microsoft.Web/sites").At("properties.functionAppConfig.scaleAndConcurrency.alwaysReady")!.AsArray(), group => Assert.True(group!["instanceCount"]!.GetValue<int>() >= 2));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_operators_page_shows_the_size_as_it_is(string size)
    {
        var row = Assert.Single(Repository.Read("docs", "operations.md").Split('\n'), line => line.StartsWith($"| `{size}` |", StringComparison.Ordinal));

        foreach (var setting in new[] { "instanceMemoryMB", "maximumInstanceCount", "databaseSku", "databaseStorageGB", "databaseBackupDays", "schedulerSku" })
        {
            Assert.Contains(Text(size, setting).Replace("Standard_", "", StringComparison.Ordinal), row.Replace(",", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    private static int Number(string size, string setting) => s_sizes[size]![setting]!.GetValue<int>();

    private static string Text(string size, string setting) => s_sizes[size].Text(setting)!;
}
