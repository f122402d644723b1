using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.EmbeddedHost.Tests.Functions.Lifetime;

/// <summary>What the real worker refuses under "func start", where its environment is Development.</summary>
public sealed class ServiceValidationTests
{
    [Fact]
    public void A_singleton_that_keeps_a_scoped_service_is_refused_at_start()
    {
        using var folder = new TestFolder();
        var builder = TestHost.Create(folder, new TestHost.Setup
        {
            AfterWeb = app =>
            {
                app.Services.AddScoped<Scoped>();
                app.Services.AddSingleton<Keeper>();
            },
        });

        var refusal = Assert.Throws<AggregateException>(() => { builder.Build(); });

        Assert.Contains(nameof(Scoped), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scoped_service_is_not_to_be_had_without_a_scope()
    {
        await using var host = await TestHost.StartAsync(new TestHost.Setup { AfterWeb = app => app.Services.AddScoped<Scoped>() });

        Assert.Throws<InvalidOperationException>(() => { host.Services.GetService<Scoped>(); });
        await using var scope = host.Services.CreateAsyncScope();
        Assert.NotNull(scope.ServiceProvider.GetService<Scoped>());
    }

    public sealed class Scoped;

    public sealed class Keeper(Scoped scoped)
    {
        public Scoped Scoped { get; } = scoped;
    }
}
