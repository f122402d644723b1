using FollowUp.EmbeddedHost.Functions.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FollowUp.EmbeddedHost.Functions;

/// <summary>Puts the host together: what <c>FunctionsApplicationBuilder</c> stands on.</summary>
internal sealed class EmbeddedHostBuilder
{
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];
    private bool _built;
    private bool _servesWeb;

    public EmbeddedHostBuilder(string[] args)
    {
        Web = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = args });
    }

    public WebApplicationBuilder Web { get; }

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)Web).Properties;

    public void Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> layer)
    {
        ThrowIfBuilt();
        _middleware.Add(layer);
    }

    public void UseWeb()
    {
        if (!_servesWeb)
        {
            _servesWeb = true;
            Use(WebMiddleware.Wrap);
            Web.Services.AddControllers();
        }
    }

    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure)
        where TContainerBuilder : notnull
        => ((IHostApplicationBuilder)Web).ConfigureContainer(factory, configure);

    public IHost Build()
    {
        ThrowIfBuilt();
        _built = true;
        return Web.Build();
    }

    private void ThrowIfBuilt()
    {
        if (_built)
        {
            throw new InvalidOperationException("The application has already been _built.");
        }
    }
}
