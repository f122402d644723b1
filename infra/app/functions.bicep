// The function app on Flex Consumption, and every setting that it and its host read.

@description('Name of the app; its address is made of it.')
param name string

@description('Name of the hosting plan.')
param planName string

@description('Region of the app.')
param location string

@description('Tags of the app. azd finds the app by azd-service-name, which is added here.')
param tags object

@description('Memory of an instance in MB: 512, 2048 or 4096.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('How many instances there may be, 40 to 1000. Each may hold connectionsPerInstance database connections.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@description('Instances always ready for HTTP. Twilio gives a webhook 15 seconds and does not come back: at least one.')
@minValue(1)
param alwaysReadyHttp int

@description('Instances always ready for orchestrations and activities.')
@minValue(0)
param alwaysReadyDurable int

@description('Whether instances are spread over availability zones. Not in every region, and wants two always-ready instances of each kind.')
param zoneRedundant bool

@description('Id of the subnet that the app sends from; empty without private networking.')
param subnetId string

@description('Resource id of the app\'s identity.')
param identityId string

@description('Name of the app\'s identity, which is its user name at the database.')
param identityName string

@description('Client id of the app\'s identity.')
param identityClientId string

@description('Name of the storage account.')
param storageName string

@description('Address of the container with the deployment package.')
param deploymentContainerUri string

@description('Name of the Application Insights component.')
param applicationInsightsName string

@description('Address of the Durable Task scheduler; empty when Azure Storage keeps the orchestrations.')
param schedulerEndpoint string

@description('Name of the task hub.')
param taskHubName string

@description('Host name of the PostgreSQL server.')
param databaseHost string

@description('Name of the database.')
param databaseName string

@description('Most database connections that one instance opens.')
@minValue(4)
param connectionsPerInstance int

@description('Address of the secret with the Twilio auth token, in the key vault.')
param twilioAuthTokenUri string

@description('Address of the secret with the root API key, in the key vault.')
param rootApiKeyUri string

@description('SID of the Twilio account.')
param twilioAccountSid string

@description('SID of the Twilio messaging service to send from; empty when twilioFrom is set.')
param twilioMessagingServiceSid string

@description('Number to send from, in E.164; empty when twilioMessagingServiceSid is set.')
param twilioFrom string

@description('Address under which Twilio and people reach the app; empty for the app\'s own https address.')
param publicUrl string

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

var alwaysReady = concat(
  [
    {
      name: 'http'
      instanceCount: alwaysReadyHttp
    }
  ],
  alwaysReadyDurable > 0
    ? [
        {
          name: 'durable'
          instanceCount: alwaysReadyDurable
        }
      ]
    : []
)

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    publicNetworkAccess: 'Enabled' // Twilio, the clinics' systems and people come over the internet.
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
    functionAppConfig: {
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainerUri
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReady
      }
    }
  }

  resource noFtpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource noPublishingPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }

  // Not set because Flex Consumption refuses it: FUNCTIONS_WORKER_RUNTIME, FUNCTIONS_EXTENSION_VERSION, WEBSITE_RUN_FROM_PACKAGE and their like.
  resource settings 'config' = {
    name: 'appsettings'
    properties: union(
      {
        // The Functions host: its storage, and telemetry, as the app's identity.
        AzureWebJobsStorage__accountName: storageName
        AzureWebJobsStorage__credential: 'managedidentity'
        AzureWebJobsStorage__clientId: identityClientId
        APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights.properties.ConnectionString
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${identityClientId}'
        AzureWebJobsDisableHomepage: 'true'
        TASKHUB_NAME: taskHubName

        // FollowUp: docs/operations.md says what each is for.
        FollowUp__PublicUrl: empty(publicUrl) ? 'https://${app.properties.defaultHostName}' : publicUrl
        FollowUp__ApiKey: '@Microsoft.KeyVault(SecretUri=${rootApiKeyUri})'
        Database__Provider: 'PostgreSql'
        Database__ConnectionString: 'Host=${databaseHost};Port=5432;Database=${databaseName};Username=${identityName};SSL Mode=VerifyFull;Maximum Pool Size=${connectionsPerInstance}'
        Database__ManagedIdentity: identityClientId
        Twilio__AccountSid: twilioAccountSid
        Twilio__AuthToken: '@Microsoft.KeyVault(SecretUri=${twilioAuthTokenUri})'
      },
      empty(twilioMessagingServiceSid) ? {} : { Twilio__MessagingServiceSid: twilioMessagingServiceSid },
      empty(twilioFrom) ? {} : { Twilio__From: twilioFrom },
      empty(schedulerEndpoint)
        ? {
            // What host.json says of the scheduler, turned to Azure Storage.
            AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'AzureStorage'
            AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'AzureWebJobsStorage'
          }
        : {
            DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${identityClientId}'
          }
    )
  }
}

output id string = app.id
output name string = app.name
output url string = empty(publicUrl) ? 'https://${app.properties.defaultHostName}' : publicUrl
