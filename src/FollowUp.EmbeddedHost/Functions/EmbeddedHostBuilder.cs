using System.Reflection;
using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Engine;
using FollowUp.EmbeddedHost.Functions.Console;
using FollowUp.EmbeddedHost.Functions.Discovery;
using FollowUp.EmbeddedHost.Functions.Durable;
using FollowUp.EmbeddedHost.Functions.Http;
using FollowUp.EmbeddedHost.Functions.Invocation;
using FollowUp.EmbeddedHost.Functions.Lifetime;
using FollowUp.EmbeddedHost.Functions.Settings;
using FollowUp.EmbeddedHost.Functions.Timers;
using FollowUp.EmbeddedHost.Storage;
using FollowUp.TwilioEmulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FollowUp.EmbeddedHost.Functions;

/// <summary>Puts the host together: what <c>FunctionsApplicationBuilder</c> stands on.</summary>
internal sealed class EmbeddedHostBuilder
{
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];
    private readonly HostSettings _settings;
    private bool _built;
    private bool _servesWeb;

    /// <exception cref="HostStartException">A setting is refused.</exception>
    public EmbeddedHostBuilder(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        StartRefusal.Report();
        IConfiguration early = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        string environment = early["AZURE_FUNCTIONS_ENVIRONMENT"] is { Length: > 0 } named ? named : Environments.Production;

        // The real host's own setting for the folder with host.json; the app's folder unless set.
        string appFolder = early["AzureWebJobsScriptRoot"] is { Length: > 0 } root ? Path.GetFullPath(root) : AppContext.BaseDirectory;
        Web = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = Assembly.GetEntryAssembly()?.GetName().Name,
            ContentRootPath = appFolder,
            EnvironmentName = environment,
        });
        SettingsSources.Add(Web.Configuration, args, appFolder, Directory.GetCurrentDirectory(), environment);
        _settings = HostSettings.Resolve(Web.Configuration, appFolder, EngineDatabase.ReadClock);

        // The real worker looks for what a provider must not do when its environment is Development, as it is under "func start". Here always.
        ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true }), null);

        Web.WebHost.UseKestrel();
        Web.Services.AddRouting();
        Web.Services.AddSingleton(_settings.Clock);
        Web.Services.AddSingleton<TimeProvider>(_settings.Clock);
        ConsoleLogging.Add(Web.Logging, Web.Configuration);
        if (_settings.Emulator is { } emulator)
        {
            Web.Services.AddTwilioEmulator(emulator);
        }
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
            Web.Services.AddMvc();
        }
    }

    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure)
        where TContainerBuilder : notnull
        => ((IHostApplicationBuilder)Web).ConfigureContainer(factory, configure);

    /// <exception cref="HostStartException">A function is refused.</exception>
    public IHost Build()
    {
        ThrowIfBuilt();
        _built = true;
        IReadOnlyList<HostFunction> functions = FunctionFinder.Find(FunctionSources.Types(Properties), Web.Configuration);
        if (!_servesWeb && functions.FirstOrDefault(f => f.Kind == TriggerKind.Http) is { } http)
        {
            throw new HostStartException(
                $"Function '{http.Name}' ({http.Place}) takes an HttpRequest: call ConfigureFunctionsWebApplication() before Build().");
        }

        AddServices(functions);
        WebApplication app = Web.Build();
        Map(app);
        return app;
    }

    private void AddServices(IReadOnlyList<HostFunction> functions)
    {
        var routes = new HttpRoutes(functions, _settings.HostJson.RoutePrefix);
        IReadOnlyDictionary<HostFunction, TimerSchedule> schedules = TimerService.Schedules(functions, Web.Configuration);
        bool silent = Banner.IsHidden(Properties);

        IServiceCollection services = Web.Services;
        services.AddSingleton(_settings);
        services.AddSingleton(_settings.HostJson);
        services.AddSingleton(_settings.Data);
        services.AddSingleton(routes);
        services.AddSingleton(schedules);
        services.AddSingleton(new FunctionPipeline(_middleware));
        services.AddSingleton<FunctionInvoker>();
        services.AddSingleton<TrafficGate>();
        services.AddSingleton<HttpDispatcher>();
        services.AddSingleton<TimerService>();
        services.AddSingleton(provider => EngineFunctions.Registry(
            functions,
            provider.GetRequiredService<FunctionPipeline>(),
            provider.GetRequiredService<FunctionInvoker>(),
            provider.GetRequiredService<IServiceScopeFactory>()));
        services.AddSingleton(provider => new DurableEngine(
            EngineFunctions.Options(_settings),
            provider.GetRequiredService<TaskRegistry>(),
            _settings.Clock,
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(new StartupNotice(() =>
        {
            if (!silent)
            {
                System.Console.Out.WriteLine(Banner.Text(_settings, functions, routes, isRead: !System.Console.IsOutputRedirected));
            }
        }));
        services.AddHostedService<HostLifecycle>();
    }

    private void Map(WebApplication app)
    {
        foreach (string url in _settings.Addresses.Urls)
        {
            app.Urls.Add(url);
        }

        // The real worker has no authentication of its own accord: an app that wants it adds it with an IStartupFilter. Without
        // these marks WebApplication would add it as soon as the services are there.
        var properties = ((IApplicationBuilder)app).Properties;
        properties["__AuthenticationMiddlewareSet"] = true;
        properties["__AuthorizationMiddlewareSet"] = true;

        HttpDispatcher dispatcher = app.Services.GetRequiredService<HttpDispatcher>();
        app.Use(async (HttpContext http, RequestDelegate next) =>
        {
            // The emulator's routes are endpoints; everything else is a function's.
            await (http.GetEndpoint() is null ? dispatcher.InvokeAsync(http) : next(http));
        });
        if (_settings.Emulator is not null)
        {
            app.MapTwilioEmulator(TwilioSettings.EmulatorPath);
            app.MapPhone();
        }
    }

    private void ThrowIfBuilt()
    {
        if (_built)
        {
            throw new InvalidOperationException("The application has already been built.");
        }
    }
}
