using Microsoft.Extensions.Configuration;

namespace FollowUp.Data.Tests;

public sealed class DatabaseOptionsTests
{
    private const string Server = "Host=db.example;Database=followup;Username=followup;Password=hush";

    [Theory]
    [InlineData("MySql", Server, "Database:Provider")]
    [InlineData("PostgreSql", "", "Database:ConnectionString")]
    [InlineData("PostgreSql", "Database=followup;Password=hush", "Database:ConnectionString")]
    [InlineData("PostgreSql", "Host=db.example;Pasword=hush", "Database:ConnectionString")]
    [InlineData("PostgreSql", "Host=db.example;Port=hush", "Database:ConnectionString")]
    public void A_wrong_setting_is_refused_by_its_name_and_without_what_it_holds(string provider, string connection, string setting)
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => From(provider, connection));
        Assert.Contains(setting, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("system", "")]
    [InlineData("6a1d", "6a1d")]
    public void PostgreSQL_is_signed_in_to_with_a_password_or_as_the_apps_identity(string? identity, string? expected)
    {
        var options = From("postgresql", Server, identity);
        Assert.Equal(DatabaseOptions.PostgreSql, options.Provider);
        Assert.Equal(Server, options.ConnectionString);
        Assert.Equal(expected, options.ManagedIdentity);
        Assert.DoesNotContain("hush", options.ToString(), StringComparison.Ordinal);
    }

    private static DatabaseOptions From(string provider, string connection, string? identity = null) =>
        DatabaseOptions.From(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = provider,
            ["Database:ConnectionString"] = connection,
            ["Database:ManagedIdentity"] = identity,
        }).Build());
}
