using System.Text.Json.Nodes;

namespace FollowUp.Infra.Tests;

/// <summary>What a deployment would make, as the compiler foresees it.</summary>
public sealed class DeploymentTests
{
    public static TheoryData<string, bool, string> Every { get; } = Combinations();

    [Theory]
    [MemberData(nameof(Every))]
    public void Identities_open_everything_and_keys_open_nothing(string size, bool privateNetworking, string store)
    {
        var resources = Bicep.Predict(size, privateNetworking, store);

        var storage = resources.Only("Microsoft.Storage/storageAccounts");
        Assert.Equal("false", storage.Text("properties.allowSharedKeyAccess"));
        Assert.Equal("false", storage.Text("properties.allowBlobPublicAccess"));
        Assert.Equal("TLS1_2", storage.Text("properties.minimumTlsVersion"));
        Assert.Equal("true", storage.Text("properties.supportsHttpsTrafficOnly"));

        var database = resources.Only("Microsoft.DBforPostgreSQL/flexibleServers");
        Assert.Equal("Disabled", database.Text("properties.authConfig.passwordAuth"));
        Assert.Equal("Enabled", database.Text("properties.authConfig.activeDirectoryAuth"));
        Assert.Equal("on", Configuration(resources, "require_secure_transport"));
        Assert.Equal("TLSv1.2", Configuration(resources, "ssl_min_protocol_version"));

        Assert.Equal("true", resources.Only("Microsoft.KeyVault/vaults").Text("properties.enableRbacAuthorization"));
        Assert.Equal("true", resources.Only("Microsoft.Insights/components").Text("properties.DisableLocalAuth"));
        Assert.Equal("true", resources.Only("Microsoft.OperationalInsights/workspaces").Text("properties.features.disableLocalAuth"));

        var app = resources.Only("Microsoft.Web/sites");
        Assert.Equal("UserAssigned", app.Text("identity.type"));
        Assert.Equal("UserAssignedIdentity", app.Text("properties.functionAppConfig.deployment.storage.authentication.type"));
        Assert.Contains("/userAssignedIdentities/", app.Text("properties.keyVaultReferenceIdentity"), StringComparison.Ordinal);
        Assert.Equal("true", app.Text("properties.httpsOnly"));
        Assert.Equal("1.2", app.Text("properties.siteConfig.minTlsVersion"));
        Assert.Equal("1.2", app.Text("properties.siteConfig.scmMinTlsVersion"));
        Assert.Equal("Disabled", app.Text("properties.siteConfig.ftpsState"));
        var policies = resources.Where(resource => resource.Type() == "Microsoft.Web/sites/basicPublishingCredentialsPolicies").ToList();
        Assert.Equal(2, policies.Count);
        Assert.All(policies, policy => Assert.Equal("false", policy.Text("properties.allow")));
    }

    [Theory]
    [InlineData("azureManaged")]
    [InlineData("AzureStorage")]
    public void The_app_has_just_the_roles_that_it_needs_each_on_one_resource(string store)
    {
        var roles = Bicep.Predict("small", store: store).Where(resource => resource.Type() == "Microsoft.Authorization/roleAssignments")
            .Select(role => (Scope: ScopeOf(role), Role: role.Text("properties.roleDefinitionId")!.Split('/')[^1]))
            .Order().ToList();

        // As docs.microsoft.com lists the built-in roles.
        List<(string, string)> expected =
        [
            ("Microsoft.Insights/components", "3913510d-42f4-4e42-8a64-420c390055eb"), // Monitoring Metrics Publisher
            ("Microsoft.KeyVault/vaults", "4633458b-17de-408a-b874-0445c86b69e6"), // Key Vault Secrets User
            ("Microsoft.Storage/storageAccounts", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"), // Storage Blob Data Owner
        ];
        expected.AddRange(store == "azureManaged"
            ? [("Microsoft.DurableTask/schedulers/taskHubs", "0ad04412-c4d5-4796-b79c-f76d14c8d402")] // Durable Task Data Contributor
            : [
                ("Microsoft.Storage/storageAccounts", "974c5e8b-45b9-4653-ba55-5f855dd0fb88"), // Storage Queue Data Contributor
                ("Microsoft.Storage/storageAccounts", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"), // Storage Table Data Contributor
            ]);
        Assert.Equal(expected.Order(), roles);
    }

    [Fact]
    public void Every_role_is_named_in_a_comment()
    {
        var source = Repository.Read("infra", "app", "roles.bicep");

        Assert.All(
            new[]
            {
                "Storage Blob Data Owner", "Storage Queue Data Contributor", "Storage Table Data Contributor", "Key Vault Secrets User",
                "Monitoring Metrics Publisher", "Durable Task Data Contributor",
            },
            role => Assert.Contains("// " + role, source.Replace("and Storage Table", "// Storage Table", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("azureManaged", "blob", "postgresqlServer", "scheduler", "vault")]
    [InlineData("AzureStorage", "blob", "postgresqlServer", "queue", "table", "vault")]
    public void With_private_networking_nothing_but_the_app_answers_to_the_internet(string store, params string[] expected)
    {
        var resources = Bicep.Predict("medium", privateNetworking: true, store);

        Assert.Equal(
            expected,
            resources.Where(resource => resource.Type() == "Microsoft.Network/privateEndpoints")
                .Select(endpoint => endpoint["properties"]!["privateLinkServiceConnections"]![0].At("properties.groupIds")![0]!.GetValue<string>())
                .Order(StringComparer.Ordinal));
        Assert.Equal(expected.Length, resources.Count(resource => resource.Type() == "Microsoft.Network/privateDnsZones"));
        Assert.Equal(expected.Length, resources.Count(resource => resource.Type() == "Microsoft.Network/privateEndpoints/privateDnsZoneGroups"));
        Assert.Equal("Disabled", resources.Only("Microsoft.Storage/storageAccounts").Text("properties.publicNetworkAccess"));
        Assert.Equal("Deny", resources.Only("Microsoft.Storage/storageAccounts").Text("properties.networkAcls.defaultAction"));
        Assert.Equal("disabled", resources.Only("Microsoft.KeyVault/vaults").Text("properties.publicNetworkAccess"));
        Assert.Equal("Disabled", resources.Only("Microsoft.DBforPostgreSQL/flexibleServers").Text("properties.network.publicNetworkAccess"));
        Assert.All(
            resources.Where(resource => resource.Type() == "Microsoft.DurableTask/schedulers"),
            scheduler => Assert.Equal("Disabled", scheduler.Text("properties.publicNetworkAccess")));
        Assert.DoesNotContain(resources, resource => resource.Type().EndsWith("/firewallRules", StringComparison.Ordinal));
        Assert.EndsWith("/subnets/app", resources.Only("Microsoft.Web/sites").Text("properties.virtualNetworkSubnetId"), StringComparison.Ordinal);
        var subnet = resources.Only("Microsoft.Network/virtualNetworks").At("properties.subnets")![0];
        Assert.Equal("Microsoft.App/environments", subnet.At("properties.delegations")![0].Text("properties.serviceName"));
    }

    [Fact]
    public void Without_it_there_is_no_network() =>
        Assert.DoesNotContain(Bicep.Predict("small"), resource => resource.Type().StartsWith("Microsoft.Network/", StringComparison.Ordinal));

    [Fact]
    public void A_later_deployment_leaves_the_secrets_alone_and_a_first_one_shows_none()
    {
        var resources = Bicep.Predict("small");
        var secrets = resources.Where(resource => resource.Type() == "Microsoft.KeyVault/vaults/secrets").ToList();

        Assert.Equal(2, secrets.Count);
        Assert.All(resources, resource => Assert.DoesNotContain(Bicep.Secret, resource.ToJsonString(), StringComparison.Ordinal));
        var written = Bicep.Build("main.bicep").Templates().SelectMany(template => template.Resources())
            .Where(resource => resource.Type() == "Microsoft.KeyVault/vaults/secrets").ToList();
        Assert.Equal(2, written.Count);
        Assert.All(written, secret => Assert.Matches(@"^\[not\(empty\(parameters\('\w+'\)\)\)\]$", secret.Text("condition")));
    }

    [Fact]
    public void Every_alert_reaches_the_operators()
    {
        var resources = Bicep.Predict("small");
        var alerts = resources.Where(resource => resource.Type() == "Microsoft.Insights/scheduledQueryRules").ToList();

        Assert.Equal(6, alerts.Count);
        Assert.All(alerts, alert =>
        {
            Assert.Equal("true", alert.Text("properties.enabled"));
            Assert.Contains("/actionGroups/", alert.At("properties.actions.actionGroups")![0]!.GetValue<string>(), StringComparison.Ordinal);
        });
        Assert.Equal("operators@clinic.example", resources.Only("Microsoft.Insights/actionGroups").At("properties.emailReceivers")![0].Text("emailAddress"));
        Assert.Contains("/api/health", resources.Only("Microsoft.Insights/webtests").Text("properties.Request.RequestUrl"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_workbook_reads_this_workspace_alone()
    {
        var workbook = Bicep.Predict("small").Only("Microsoft.Insights/workbooks").Text("properties.serializedData")!;

        Assert.NotNull(JsonNode.Parse(workbook));
        Assert.DoesNotContain("{workspaceId}", workbook, StringComparison.Ordinal);
        Assert.Contains("/workspaces/log-followup-", workbook, StringComparison.Ordinal);
    }

    private static string? Configuration(IEnumerable<JsonNode> resources, string name) =>
        Assert.Single(resources, resource => resource.Text("name")!.EndsWith('/' + name, StringComparison.Ordinal)).Text("properties.value");

    /// <summary>The type of what a role is given on: what stands before it in its id.</summary>
    private static string ScopeOf(JsonNode role)
    {
        var id = role.Text("id")!.Split("/providers/Microsoft.Authorization/")[0].Split("/providers/")[^1].Split('/');
        return string.Join('/', id.Where((part, index) => index == 0 || index % 2 == 1));
    }

    private static TheoryData<string, bool, string> Combinations()
    {
        var data = new TheoryData<string, bool, string>();
        foreach (var size in new[] { "small", "medium", "large" })
        {
            data.Add(size, false, "azureManaged");
            data.Add(size, true, "azureManaged");
        }

        data.Add("small", false, "AzureStorage");
        data.Add("large", true, "AzureStorage");
        return data;
    }
}
