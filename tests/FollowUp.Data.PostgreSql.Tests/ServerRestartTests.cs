using System.Diagnostics;
using FollowUp.Data.Clinics;
using FollowUp.Data.Context;
using FollowUp.Data.Planning;
using FollowUp.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.Data.PostgreSql.Tests;

/// <summary>On a server of its own: it is ended and comes back.</summary>
public sealed class ServerRestartTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly PostgreSqlServer _server;
    private readonly ServiceProvider _services;

    public ServerRestartTests()
    {
        var server = PostgreSqlServer.TryStart();
        PostgreSqlServers.SkipWithout(server);
        _server = server!;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(TestDatabase.SettingsOf(_server.ConnectionString)).Build();
        _services = new ServiceCollection().AddSingleton(new SendRules(true)).AddFollowUpData(configuration).BuildServiceProvider();
    }

    private ClinicStore Clinics => _services.GetRequiredService<ClinicStore>();

    public void Dispose()
    {
        _services.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task A_server_that_restarts_between_two_calls_is_not_noticed()
    {
        await Clinics.PutAsync(Some.Clinic, "test", None);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Clinics.FindAsync("glow", None)));
        _server.Stop();
        _server.Start();

        Assert.NotNull(await Clinics.FindAsync("glow", None));
        Assert.True((await Clinics.PutAsync(Some.Clinic with { Name = "Glow again" }, "test", None)).Changed);
    }

    [Fact]
    public async Task A_server_that_comes_back_while_a_call_waits_serves_it()
    {
        await Clinics.PutAsync(Some.Clinic, "test", None);
        _server.Stop();
        var waiting = Clinics.PutAsync(Some.Clinic with { Name = "Glow again" }, "test", None);
        Assert.False(waiting.IsCompleted);
        _server.Start();

        Assert.True((await waiting).Changed);
        Assert.Equal("Glow again", (await Clinics.FindAsync("glow", None))!.Name);
    }

    [Fact]
    public async Task A_server_that_stays_away_fails_the_call_before_Twilio_gives_up_waiting()
    {
        await Clinics.PutAsync(Some.Clinic, "test", None);
        _server.Stop();
        var clock = Stopwatch.StartNew();

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => Clinics.PutAsync(Some.Clinic with { Name = "Glow again" }, "test", None));

        Assert.IsNotType<CommitUnknownException>(failure);
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(13));
        _server.Start();
        Assert.Equal("Glow Clinic", (await Clinics.FindAsync("glow", None))!.Name);
    }
}
