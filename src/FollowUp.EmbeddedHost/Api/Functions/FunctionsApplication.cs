using FollowUp.EmbeddedHost.Functions;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>The application.</summary>
public class FunctionsApplication
{
    /// <summary>
    /// Starts to build an application. The settings are read here: the environment, <c>local.settings.json</c> and
    /// <paramref name="args"/>.
    /// </summary>
    /// <exception cref="FollowUp.EmbeddedHost.Functions.HostStartException">A setting is refused; the message says which and why.</exception>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args);
}

/// <summary>Builds an application and the host that runs it.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly EmbeddedHostBuilder _host;

    internal FunctionsApplicationBuilder(string[] args) => _host = new EmbeddedHostBuilder(args);

    /// <summary>Values that parts of the building share.</summary>
    public IDictionary<object, object> Properties => _host.Properties;

    /// <summary>The settings.</summary>
    public ConfigurationManager Configuration => _host.Web.Configuration;

    IConfigurationManager IHostApplicationBuilder.Configuration => Configuration;

    /// <summary>The environment; <c>AZURE_FUNCTIONS_ENVIRONMENT</c> names it, and Production is the default.</summary>
    public IHostEnvironment Environment => _host.Web.Environment;

    /// <summary>The logging.</summary>
    public ILoggingBuilder Logging => _host.Web.Logging;

    /// <summary>The metrics.</summary>
    public IMetricsBuilder Metrics => _host.Web.Metrics;

    /// <summary>The app's services.</summary>
    public IServiceCollection Services => _host.Web.Services;

    internal EmbeddedHostBuilder Host => _host;

    /// <summary>Makes the host. Can be called once.</summary>
    /// <exception cref="InvalidOperationException">It was called before.</exception>
    /// <exception cref="FollowUp.EmbeddedHost.Functions.HostStartException">A function is refused; the message says which and why.</exception>
    public IHost Build() => _host.Build();

    /// <summary>Sets the container that makes the services.</summary>
    public void ConfigureContainer<TContainerBuilder>(
        IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull
        => _host.ConfigureContainer(factory, configure);

    /// <summary>Adds a layer to the pipeline around every invocation, inside those added before it.</summary>
    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        _host.Use(middleware);
        return this;
    }
}

/// <summary>Serves HTTP functions with ASP.NET Core.</summary>
public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>
    /// Lets HTTP functions take an <c>HttpRequest</c> and return an <c>IResult</c> or <c>IActionResult</c>. Middleware added
    /// before this call sees no <c>HttpContext</c>.
    /// </summary>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Host.UseWeb();
        return builder;
    }
}
